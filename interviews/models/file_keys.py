"""Keys of encrypted files, and of people's authenticators."""

from django.db import models


class FileKey(models.Model):
    """The key of one encrypted file or authenticator (``second-factor/…``), wrapped by a key of the installation.

    Without this row nobody can read the file, nor any copy of it: deleting the row erases it (crypto-erasure).
    """

    name = models.CharField(max_length=255, primary_key=True, help_text="Of the file in the storage.")
    wrapped = models.BinaryField()
    wrapped_by = models.CharField(max_length=16, db_index=True, help_text="Id of the installation's key.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
