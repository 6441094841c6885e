"""The shop's files, in a folder and in memory."""

import pytest

from storefront.config import SettingsError, from_env
from storefront.storage import MissingFileError, Storage, StorageError, digest


@pytest.fixture(params=["folder", "memory", "file"])
def storage(request, tmp_path):
    folder = tmp_path / "a folder"
    where = {"folder": str(folder), "memory": "memory:", "file": f"file://{tmp_path}/kept"}
    return Storage(where[request.param])


def test_a_file_that_was_put_is_there_until_it_is_deleted(storage):
    storage.put("original/abc", b"\x00\xff words")

    assert storage.exists("original/abc")
    assert storage.get("original/abc") == b"\x00\xff words"
    storage.delete("original/abc")
    storage.delete("original/abc")
    assert not storage.exists("original/abc")
    with pytest.raises(MissingFileError):
        storage.get("original/abc")


@pytest.mark.parametrize("name", ["../secret-key", "a/../../secret-key", ""])
def test_no_name_leads_out_of_the_folder(storage, name, tmp_path):
    (tmp_path / "secret-key").write_text("secret")

    with pytest.raises(StorageError):
        storage.get(name)


def test_a_storage_that_cannot_be_written_says_so_with_its_own_error(tmp_path):
    (tmp_path / "a-file").write_text("no folder")
    storage = Storage(str(tmp_path / "a-file"))

    with pytest.raises(StorageError):
        storage.put("original/abc", b"x")


def test_a_bucket_that_does_not_answer_is_a_storage_error(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "key")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setattr("storefront.storage.RETRIES", 0)
    storage = Storage("s3://pictures/shop")

    assert storage.kind == "bucket"
    with pytest.raises(StorageError):
        storage.get("original/abc")


def test_the_same_content_has_the_same_name():
    assert digest(b"press") == digest(b"press") != digest(b"Press")
    assert len(digest(b"")) == 64


@pytest.mark.parametrize("url", ["ftp://host/folder", "s3://", "https://bucket", "file://host/x"])
def test_the_shop_does_not_start_with_a_storage_that_it_does_not_know(url, tmp_path):
    with pytest.raises(SettingsError, match="STORAGE_URL"):
        from_env({"STORAGE_URL": url, "INSTANCE_PATH": str(tmp_path)})


def test_files_are_kept_in_the_instance_folder_where_nothing_is_set(tmp_path):
    settings = from_env({"INSTANCE_PATH": str(tmp_path)})

    assert settings.storage_url == str(tmp_path / "storage")
