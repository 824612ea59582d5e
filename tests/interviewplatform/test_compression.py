"""Pages and static files are compressed; recordings, small answers and what is compressed already are not."""

import gzip

from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from interviewplatform.compression import CompressionMiddleware

TEXT = "words and words " * 100


def sent(response, accepts="gzip, br", path="/interviews/"):
    request = RequestFactory(headers={"accept-encoding": accepts}).get(path)
    return CompressionMiddleware(lambda _: response)(request)


def test_a_page_is_compressed_for_who_accepts_it():
    answer = sent(HttpResponse(TEXT))
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).decode() == TEXT
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert "Accept-Encoding" in answer.headers["Vary"]
    plain = sent(HttpResponse(TEXT), accepts="identity")
    assert plain.content.decode() == TEXT
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_the_length_of_a_page_does_not_tell_what_is_in_it():
    assert len({len(sent(HttpResponse(TEXT)).content) for _ in range(20)}) > 1


def test_recordings_small_answers_and_compressed_ones_stay_as_they_are():
    for response in (
        HttpResponse(TEXT, content_type="video/mp4"),
        HttpResponse("short"),
        HttpResponse(TEXT, headers={"Content-Encoding": "gzip"}),
        HttpResponse(TEXT, status=206),
    ):
        before = response.content
        assert sent(response).content == before
    stream = StreamingHttpResponse([TEXT.encode()])
    assert not sent(stream).has_header("Content-Encoding")


def test_static_files_are_compressed_the_same_every_time():
    css = {"content_type": "text/css", "headers": {"ETag": '"1"'}}
    answers = [sent(HttpResponse(TEXT, **css), path="/static/css/base.css") for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert gzip.decompress(answers[0].content).decode() == TEXT
    assert answers[0].headers["ETag"] == '"1"'
    assert sent(HttpResponse(TEXT, **css)).headers["ETag"] == 'W/"1"'
