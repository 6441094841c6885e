"""What one types to sign up and to sign in, and of oneself."""

from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from storefront.forms import Form, email_address
from storefront.languages import lazy_gettext
from storefront.passwords import LONGEST, SHORTEST, WEAK, is_weak
from storefront.site import read

OWN_ADDRESS = lazy_gettext("Choose something other than your email address.")


def email_field(autocomplete: str, label: str = lazy_gettext("Email")) -> EmailField:
    """Return a field for an email address."""
    return EmailField(
        label,
        [
            InputRequired(lazy_gettext("Enter your email address.")),
            Length(max=254, message=lazy_gettext("Enter at most 254 characters.")),
            email_address,
        ],
        render_kw={"autocomplete": autocomplete},
    )


def new_password(label: str, *, is_required: bool = True) -> PasswordField:
    """Return a field to choose a password in."""
    return PasswordField(
        label,
        [
            InputRequired(lazy_gettext("Choose a password."))
            if is_required
            else Optional(strip_whitespace=False),
            Length(
                SHORTEST,
                LONGEST,
                lazy_gettext(
                    "Choose %(least)s to %(most)s characters.", least=SHORTEST, most=LONGEST
                ),
            ),
        ],
        render_kw={"autocomplete": "new-password"},
    )


def refuse_weak(field: Field, email: str) -> None:
    """Refuse one's own address as a password, and what is guessed at once."""
    typed, account = str(field.data or ""), email.partition("@")[0]
    if not SHORTEST <= len(typed) <= LONGEST:  # that is said already
        return
    if typed.strip().lower() in {email, account}:
        raise ValidationError(OWN_ADDRESS)
    if is_weak(typed, (email, account, read().name)):
        raise ValidationError(WEAK)


class LoginForm(Form):
    """Sign in; of a wrong pair it is not said which half is wrong."""

    email = email_field("username")
    password = PasswordField(
        lazy_gettext("Password"),
        [
            InputRequired(lazy_gettext("Enter your password.")),
            Length(
                max=LONGEST,
                message=lazy_gettext("Enter at most %(most)s characters.", most=LONGEST),
            ),
        ],
        render_kw={"autocomplete": "current-password"},
    )


class NameForm(Form):
    """One's name."""

    name = StringField(
        lazy_gettext("Name"),
        [
            DataRequired(lazy_gettext("Enter your name.")),
            Length(max=200, message=lazy_gettext("At most 200 characters.")),
        ],
        render_kw={"autocomplete": "name"},
    )


class RegisterForm(NameForm):
    """Open an account, with a password or without."""

    email = email_field("email")
    password = new_password(lazy_gettext("Password"), is_required=False)

    def validate_password(self, field: Field) -> None:
        """Refuse a weak one."""
        if field.data:
            refuse_weak(field, str(self.email.data or ""))


class EmailForm(Form):
    """Ask for a link. next: where it leads then, within the shop."""

    email = email_field("username")
    next = HiddenField()


class NewPassword(Form):
    """Choosing a password. email: whose it becomes."""

    email = ""
    password = new_password(lazy_gettext("New password"))

    def validate_password(self, field: Field) -> None:
        """Refuse a weak one."""
        refuse_weak(field, self.email)


class PasswordForm(NewPassword):
    """A new password, on the strength of the old one."""

    old = PasswordField(
        lazy_gettext("Old password"),
        [
            InputRequired(lazy_gettext("Enter your old password.")),
            Length(
                max=LONGEST,
                message=lazy_gettext("Enter at most %(most)s characters.", most=LONGEST),
            ),
        ],
        render_kw={"autocomplete": "current-password"},
    )


class PasskeyForm(Form):
    """What a device is called."""

    name = StringField(
        lazy_gettext("Name of the device"),
        [
            DataRequired(lazy_gettext("Enter a name for it.")),
            Length(max=80, message=lazy_gettext("At most 80 characters.")),
        ],
    )
