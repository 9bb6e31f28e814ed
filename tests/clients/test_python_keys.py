"""The official Python SDK with a second key pair: its rights and its application."""

import pytest

from harness.api import TOKEN, Api
from harness.sdk import connect, refusal, request


@pytest.fixture
def api(start_server) -> Api:
    return Api(start_server("--api-token", TOKEN))


def test_a_second_pair_is_limited_to_its_rights_and_application(api):
    shop = api.good("POST", "/applications", {"name": "shop"})["id"]
    key = api.good("POST", "/keys", {"name": "reader", "rights": ["read"], "application": shop})
    for sign, method in (("TC3-HMAC-SHA256", "POST"), ("HmacSHA256", "GET"), ("HmacSHA1", "POST")):
        sdk = connect(api.server, key["id"], key["secret"], method=method, sign=sign)
        listed = sdk.DescribeSubAppIds(request("DescribeSubAppIds"))
        assert [one.SubAppId for one in listed.SubAppIdInfoSet] == [shop]
        assert sdk.SearchMedia(request("SearchMedia")).TotalCount == 0
        assert sdk.SearchMedia(request("SearchMedia", SubAppId=shop)).TotalCount == 0
        assert refusal(sdk.SearchMedia, "SearchMedia", SubAppId=1500000001) == \
            "UnauthorizedOperation"
        assert refusal(sdk.ApplyUpload, "ApplyUpload", MediaType="mp4") == "UnauthorizedOperation"
    api.good("PATCH", f"/keys/{key['id']}", {"rights": ["read", "upload"]})
    assert sdk.ApplyUpload(request("ApplyUpload", MediaType="mp4")).VodSessionKey
    assert api.call("DELETE", f"/keys/{key['id']}").status == 204
    assert refusal(sdk.SearchMedia, "SearchMedia") == "AuthFailure.SecretIdNotFound"
    # The pair of the settings is not touched by any of this.
    assert connect(api.server).DescribeSubAppIds(request("DescribeSubAppIds")).TotalCount == 2
