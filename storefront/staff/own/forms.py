"""What one types about oneself."""

from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from storefront.forms import Form
from storefront.passwords import LONGEST, SHORTEST


class NameForm(Form):
    """One's name."""

    name = StringField(
        "Name",
        [DataRequired("Enter your name."), Length(max=200, message="At most 200 characters.")],
        render_kw={"autocomplete": "name"},
    )


def _new_password(label: str) -> PasswordField:
    return PasswordField(
        label,
        [
            InputRequired("Choose a password."),
            Length(SHORTEST, LONGEST, f"Choose {SHORTEST} to {LONGEST} characters."),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class NewPassword(Form):
    """Choosing a password: any but one's own address."""

    email = ""
    password = _new_password("New password")

    def validate_password(self, field: PasswordField) -> None:
        """Refuse one's own address."""
        if str(field.data).strip().lower() in {self.email, self.email.partition("@")[0]}:
            message = "Choose something else than your e-mail address."
            raise ValidationError(message)


class PasswordForm(NewPassword):
    """A new password, on the strength of the old one."""

    old = PasswordField(
        "Old password",
        [InputRequired("Enter your old password."), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class PasskeyForm(Form):
    """What a device is called."""

    name = StringField(
        "Name of the device",
        [DataRequired("Enter a name for it."), Length(max=80, message="At most 80 characters.")],
    )
