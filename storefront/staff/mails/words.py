"""Why a mail could not be sent, in words for people; what a server said may name an address."""

NO_SERVER = (
    "The shop has no mail server: MAIL_URL is not set. Tell who looks after the shop, then try it"
    " again."
)
UNREACHABLE = (
    "The mail server could not be reached. It is tried again by itself; if it goes on, tell who"
    " looks after the shop."
)
PASSWORD = "The mail server refused the shop's password. Tell who looks after the shop."  # noqa: S105
BROKE_OFF = "It broke off ({kind}). Tell who looks after the shop."
_WORDS = {
    "MailNotConfiguredError": NO_SERVER,
    "SMTPAuthenticationError": PASSWORD,
    **dict.fromkeys(
        (
            *("ConnectionRefusedError", "ConnectionResetError", "ConnectionError", "OSError"),
            *("TimeoutError", "gaierror", "SSLError", "SSLCertVerificationError"),
            *("SMTPServerDisconnected", "SMTPConnectError", "BrokenPipeError"),
        ),
        UNREACHABLE,
    ),
}


def why(error: str) -> str:
    """Return what a job's error means; empty for none. Ours are told as they are."""
    kind, _, text = error.partition(":")
    if not error:
        return ""
    if kind == "MailRefusedError":
        return f"{text.strip().capitalize()}. Look whether the address is right."
    return _WORDS.get(kind, BROKE_OFF.format(kind=kind[:60]))
