namespace ReidCloud.Tests.Shared;

public sealed class RedactionTests
{
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    [Theory]
    [InlineData($"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={Key};EndpointSuffix=x", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=REDACTED;EndpointSuffix=x")]
    [InlineData("Endpoint=sb://n.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccessKey=secret=;EntityPath=q", "Endpoint=sb://n.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccessKey=REDACTED;EntityPath=q")]
    [InlineData("GET https://a/b?sv=1&sig=ab%2Bc%3D&se=2 failed", "GET https://a/b?sv=1&sig=REDACTED&se=2 failed")]
    [InlineData("""{"url":"https://a/b?sv=1\u0026sig=ab\u002Bc\u0026se=2"}""", """{"url":"https://a/b?sv=1\u0026sig=REDACTED\u0026se=2"}""")]
    [InlineData("""{"url":"https://h/api?x=1\u0026code=abc123"}""", """{"url":"https://h/api?x=1\u0026code=REDACTED"}""")]
    [InlineData("""{"said":"{\"password\":\"abc123\"}"}""", """{"said":"{\"password\":\"REDACTED\"}"}""")]
    [InlineData("next=https%3A%2F%2Fa%2Fb%3Fsv%3D1%26sig%3Dab%252Bc", "next=https%3A%2F%2Fa%2Fb%3Fsv%3D1%26sig%3DREDACTED")]
    [InlineData("Authorization: Bearer abc123, Host: h", "Authorization: Bearer REDACTED Host: h")]
    [InlineData("the token Bearer eyJhbGciOi.J9eyJzdWIi.abc-_1 expired", "the token Bearer REDACTED expired")]
    [InlineData("""{"x-functions-key":["abc123"],"Authorization":["Bearer abc123"]}""", """{"x-functions-key":["REDACTED"],"Authorization":["Bearer REDACTED"]}""")]
    [InlineData("the bearer of news", null)]
    [InlineData("Authorization: SharedKey account:ab+c/d=\nx-ms-date: now", "Authorization: SharedKey account:REDACTED\nx-ms-date: now")]
    [InlineData("SharedAccessSignature sr=sb%3a%2f%2fn&sig=ab%2bc&se=2&skn=root", "SharedAccessSignature sr=sb%3a%2f%2fn&sig=REDACTED&se=2&skn=root")]
    [InlineData("https://host/api/runs?code=abc123", "https://host/api/runs?code=REDACTED")]
    [InlineData("x-functions-key: abc123", "x-functions-key: REDACTED")]
    [InlineData("""{"password":"abc123","user":"u"}""", """{"password":"REDACTED","user":"u"}""")]
    [InlineData("https://user:abc123@host/x", "https://REDACTED@host/x")]
    [InlineData($"the key '{Key}' is wrong", "the key 'REDACTED' is wrong")]
    [InlineData("exit code 137, sha ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad at http://127.0.0.1:10000/devstoreaccount1/t0-runs?comp=list", null)]
    [InlineData("runs/00000000000000000000/attempt-1/epoch-0001-step-00000.safetensors is damaged; Status: 412 ErrorCode: LeaseIdMissing", null)]
    public void Secrets_are_taken_out_and_nothing_else(string text, string? expected)
    {
        Assert.Equal(expected ?? text, Redaction.Of(text));
        Assert.Equal(Redaction.Of(text), Redaction.Of(Redaction.Of(text)));
    }
}
