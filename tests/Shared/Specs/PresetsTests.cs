using System.Text.Json;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Specs;

public sealed class PresetsTests
{
    public static TheoryData<string> Names => [.. Presets.All.Select(preset => preset.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Are_valid_as_they_stand_and_survive_the_wire(string name)
    {
        var preset = Presets.Named(name);

        Assert.Empty(SpecRules.Check(preset.Spec));
        Assert.Equal(ReidJson.Canonical(preset.Spec), ReidJson.Canonical(ReidJson.Read<RunSpec>(ReidJson.Canonical(preset.Spec))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Have_an_approved_wire_form(string name)
    {
        using var canonical = JsonDocument.Parse(ReidJson.Canonical(Presets.Named(name).Spec));

        Approved.Matches($"preset.{name}", JsonSerializer.Serialize(canonical, ReidJson.Indented));
    }

    [Fact]
    public void Have_names_of_their_own() => Assert.Distinct(Presets.All.Select(preset => preset.Name));

    [Fact]
    public void Come_with_what_the_authors_published()
    {
        var student = Presets.Named("vkd-mars-resnet50-student");

        Assert.Contains(new PublishedFigure(RetrievalSetting.ImageToVideo, 0.8389, 0.7727), student.Published);
        Assert.Contains(new PublishedFigure(RetrievalSetting.VideoToVideo, 0.8874, 0.8222), student.Published);
        Assert.Empty(Presets.Named("vkd-mars-resnet18-student").Published);
    }

    [Fact]
    public void Take_another_data_set_and_the_teacher_that_they_need()
    {
        var spec = (TrainSpec)Presets.Named("demo-student").For("demo-7", "0123456789abcdef0123");

        Assert.Equal("demo-7", spec.Dataset);
        Assert.Equal("0123456789abcdef0123", ((ViewDistillationSpec)spec.Method).Teacher.Run);
        Assert.Equal("mars", Presets.Named("vkd-mars-resnet50-teacher").For().Dataset);
    }

    [Fact]
    public void Say_when_a_teacher_is_missing_or_has_no_place()
    {
        Assert.Throws<SpecException>(() => Presets.Named("demo-student").For("demo"));
        Assert.Throws<SpecException>(() => Presets.Named("demo-teacher").For("demo", "0123456789abcdef0123"));
    }

    [Fact]
    public void List_their_names_where_one_is_unknown()
    {
        var refusal = Assert.Throws<SpecException>(() => Presets.Named("demo-techer"));

        Assert.Contains("did you mean 'demo-teacher'?", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("vkd-mars-resnet50-student", refusal.Message, StringComparison.Ordinal);
    }
}
