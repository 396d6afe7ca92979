using System.Text.Json;

namespace ReidCloud.Tests.Testing;

/// <summary>Weights, brought in through the API as a client does.</summary>
internal static class ApiWeights
{
    /// <summary>Asks for an address and puts the bytes there.</summary>
    public static async Task UploadWeightsAsync(this ApiServer api, string weights, byte[] bytes, string file = "weights.safetensors")
    {
        var offer = await api.JsonAsync(HttpMethod.Post, $"/api/weights/{weights}/uploads", 200, JsonSerializer.Serialize(new { file }));
        using var request = new HttpRequestMessage(HttpMethod.Put, offer.GetProperty("url").GetString()) { Content = new ByteArrayContent(bytes) };
        foreach (var header in offer.GetProperty("headers").EnumerateObject())
        {
            request.Headers.Add(header.Name, header.Value.GetString());
        }

        using var client = new HttpClient();
        using var response = await client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Weights that runs can name.</summary>
    public static async Task<JsonElement> AddWeightsAsync(this ApiServer api, string weights, byte[] bytes)
    {
        await api.UploadWeightsAsync(weights, bytes);
        return await api.JsonAsync(HttpMethod.Put, $"/api/weights/{weights}");
    }
}
