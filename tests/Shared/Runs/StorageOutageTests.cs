using Azure;
using Azure.Identity;
using ReidCloud.Runs;

namespace ReidCloud.Tests.Shared.Runs;

public sealed class StorageOutageTests
{
    [Fact]
    public async Task A_broken_identity_is_an_answer_about_health()
    {
        var check = await StorageHealth.CheckAsync("storage", _ => throw new CredentialUnavailableException("tenant 1234"), default);

        Assert.Contains("identity", check.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("1234", check.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_no_request_can_help_is_an_outage()
    {
        Assert.Contains("identity", StorageOutage.Of(new AuthenticationFailedException("tenant 1234")), StringComparison.Ordinal);
        Assert.Contains("refused", StorageOutage.Of(new RequestFailedException("Connection refused")), StringComparison.Ordinal);
        Assert.Null(StorageOutage.Of(new RequestFailedException(403, "no")));
        Assert.Null(StorageOutage.Of(new InvalidOperationException()));
    }
}
