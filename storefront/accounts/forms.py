"""What one types to sign up and to sign in."""

from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from storefront.forms import Form, email_address
from storefront.passwords import LONGEST, SHORTEST


class LoginForm(Form):
    """Sign in; of a wrong pair it is not said which half is wrong."""

    email = EmailField(
        "Email",
        [InputRequired("Enter your e-mail address."), Length(max=254), email_address],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        "Password",
        [InputRequired("Enter your password."), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class RegisterForm(Form):
    """Open an account."""

    name = StringField(
        "Name",
        [DataRequired("Enter your name."), Length(max=200, message="At most 200 characters.")],
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(
        "Email",
        [InputRequired("Enter your e-mail address."), Length(max=254), email_address],
        render_kw={"autocomplete": "email"},
    )
    password = PasswordField(
        "Password",
        [
            InputRequired("Choose a password."),
            Length(SHORTEST, LONGEST, f"Choose {SHORTEST} to {LONGEST} characters."),
        ],
        render_kw={"autocomplete": "new-password"},
    )
