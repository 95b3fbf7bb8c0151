"""What the studio answers when it cannot do a thing."""

from storage.errors import CodedError


class StudioError(CodedError):
    """A request that makes no sense, a right that is missing, a setting that cannot be."""
