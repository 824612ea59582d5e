"""Uploads over HTTP, as the page's script sends them."""


def begin(browser, name="talk.mp4", size=10):
    return browser.post("/api/v1/uploads/", {"file_name": name, "size_bytes": size}, "application/json")


def put(browser, upload_id, offset, content):
    return browser.put(f"/api/v1/uploads/{upload_id}/?offset={offset}", content, "application/octet-stream")


def send(browser, path):
    """Send a file in two pieces; returns the id of the upload."""
    content = path.read_bytes()
    upload_id = begin(browser, path.name, len(content)).json()["id"]
    half = len(content) // 2
    assert put(browser, upload_id, 0, content[:half]).json() == {"received_bytes": half}
    assert put(browser, upload_id, half, content[half:]).json() == {"received_bytes": len(content)}
    return upload_id
