"""Keys of second factors leave the rows of their devices; the installation's key wraps them."""

from django.conf import settings
from django.db import migrations

from interviews.media_encryption.keys import installation_keys


def wrap(apps, schema_editor):
    keys = installation_keys(settings.MEDIA_KEYS)
    if not keys:
        return
    FileKey = apps.get_model("interviews", "FileKey")
    for device in apps.get_model("otp_totp", "TOTPDevice").objects.exclude(key=""):
        name = f"second-factor/{device.pk}"
        values = {"wrapped": keys[0].wrap(bytes.fromhex(device.key), name=name), "wrapped_by": keys[0].key_id}
        FileKey.objects.update_or_create(name=name, defaults=values)
        device.key = ""
        device.save(update_fields=["key"])


def unwrap(apps, schema_editor):
    keys = {key.key_id: key for key in installation_keys(settings.MEDIA_KEYS)}
    FileKey = apps.get_model("interviews", "FileKey")
    for row in FileKey.objects.filter(name__startswith="second-factor/"):
        key = keys[row.wrapped_by].unwrap(bytes(row.wrapped), name=row.name)
        device = apps.get_model("otp_totp", "TOTPDevice").objects.filter(pk=row.name.partition("/")[2])
        device.update(key=key.hex())
        row.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("interviews", "0026_dated_lifts_and_files_of_records"),
        ("otp_totp", "0003_add_timestamps"),
    ]

    operations = [migrations.RunPython(wrap, unwrap)]
