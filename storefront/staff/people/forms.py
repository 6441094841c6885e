"""What an owner types of others, and what who is invited types of herself."""

from wtforms import EmailField, SelectField
from wtforms.validators import InputRequired, Length

from models.staff import Role
from storefront.accounts.forms import NameForm, NewPassword
from storefront.forms import Form, email_address

ROLES = {role.value: role.value.capitalize() for role in Role}


class RoleForm(Form):
    """A role."""

    role = SelectField(
        "Role",
        [InputRequired("Choose a role.")],
        choices=ROLES,
        default=Role.SUPPORT.value,
        render_kw={"required": False},  # HTML wants an empty choice of a list that is required
    )

    def chosen(self) -> Role:
        """Return the role, of a form that is valid."""
        return Role(self.role.data)


class InviteForm(RoleForm):
    """Whom to invite, as what."""

    email = EmailField(
        "Email",
        [InputRequired("Enter the email address."), Length(max=254), email_address],
    )


class AcceptForm(NameForm, NewPassword):
    """Name and password of who was invited."""
