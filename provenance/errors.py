"""What can go wrong on this floor: types with a code and parameters. bots/wording makes sentences of them."""

from storage.errors import CodedError


class ProvenanceError(CodedError):
    """Each kind has a code of its own."""

    code = "provenance"

    def __init__(self, **params: object) -> None:
        super().__init__(type(self).code, **params)


class KeyringError(ProvenanceError):
    code = "keys"


class HalfPairError(KeyringError):
    """A key without its certificate, a certificate without its key, or leaves without their authority."""

    code = "keys.half_pair"


class ForeignLeafError(KeyringError):
    """A leaf in our folder that this studio's root did not issue."""

    code = "keys.foreign_leaf"


class UnknownKeyError(KeyringError):
    """No leaf has this serial, and no mark key this name."""

    code = "keys.unknown"


class UnreadableKeyError(KeyringError):
    """Not a file, not readable, not PEM, locked by a passphrase, or of a kind that cannot sign."""

    code = "keys.unreadable"


class LoosePermissionsError(KeyringError):
    """A private file that others than its owner may read."""

    code = "keys.loose_permissions"


class MismatchedPairError(KeyringError):
    """A key and a certificate that do not belong together."""

    code = "keys.mismatched_pair"


class ExpiredCertificateError(KeyringError):
    """A certificate past its end that could not be renewed."""

    code = "keys.expired"


class NotYetValidError(KeyringError):
    """A certificate from the future: as a rule this machine's clock is wrong."""

    code = "keys.not_yet_valid"


class UnfitCertificateError(KeyringError):
    """A certificate that C2PA does not accept for signing: wrong usage, wrong chain, wrong kind of key."""

    code = "keys.unfit_certificate"


class KeyFolderError(KeyringError):
    """The folder cannot be made or written."""

    code = "keys.folder"


class SealError(ProvenanceError):
    code = "seal"


class UnsealableFileError(SealError):
    """The unsigned file is missing, empty, or of a format that carries no manifest."""

    code = "seal.unsealable_file"


class SigningError(SealError):
    """The signature could not be made or the signed file could not be written."""

    code = "seal.signing"


class SignerCommandError(SealError):
    """The operator's program did not answer with a signature by the key of the certificate."""

    code = "seal.signer_command"


class ReadBackError(SealError):
    """The signed file, read back, was not Trusted or did not name this clip."""

    code = "seal.read_back"


class IngredientError(SealError):
    """A source that cannot be named as one."""

    code = "seal.ingredient"


class MissingIngredientError(IngredientError):
    code = "seal.ingredient_missing"


class TamperedIngredientError(IngredientError):
    """A clip given as a source is not what this studio sealed under that id."""

    code = "seal.ingredient_tampered"


class SeveralParentsError(IngredientError):
    """C2PA knows one parent; every other source is a component."""

    code = "seal.several_parents"
