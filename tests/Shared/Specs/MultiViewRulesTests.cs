using ReidCloud.Specs;

namespace ReidCloud.Tests.Shared.Specs;

public sealed class MultiViewRulesTests
{
    private static readonly MultiViewSpec Pytorch = new(MultiViewStyle.Pytorch);
    private static readonly MultiViewSpec Mindspore = new(MultiViewStyle.Mindspore);

    [Fact]
    public void A_style_says_what_its_program_has()
    {
        Assert.Equal((true, 0.114, MultiViewFeatures.Pytorch), (Pytorch.Attention, Pytorch.GreyBlue, Pytorch.Features));
        Assert.Equal((false, 0.144, MultiViewFeatures.Mindspore), (Mindspore.Attention, Mindspore.GreyBlue, Mindspore.Features));
    }

    [Fact]
    public void Every_backbone_can_be_a_branch_and_a_ResNet_with_attention()
    {
        Assert.All(Enum.GetValues<BackboneName>(), backbone => Assert.Empty(Faults(new ModelSpec(backbone) { MultiView = Pytorch with { Attention = backbone.IsResNet() } })));
        Assert.Empty(Faults(new ModelSpec(BackboneName.ResNet50) { MultiView = Mindspore }));
    }

    [Fact]
    public void Refuses_what_its_branches_cannot_have()
    {
        var model = new ModelSpec(BackboneName.ResNet50) { MultiView = Pytorch };
        (ModelSpec Model, string Path)[] refused =
        [
            (model with { Local = new() }, "$.model.local"),
            (model with { Neck = NeckName.None }, "$.model.neck"),
            (model with { MultiView = Pytorch with { BottleneckDim = 0 } }, "$.model.multiView.bottleneckDim"),
            (model with { MultiView = Pytorch with { BottleneckDim = 4097 } }, "$.model.multiView.bottleneckDim"),
            (model with { MultiView = Pytorch with { Dropout = 1 } }, "$.model.multiView.dropout"),
            (model with { MultiView = Pytorch with { GreyBlue = double.NaN } }, "$.model.multiView.greyBlue"),
            (new ModelSpec(BackboneName.MobileNet) { MultiView = Pytorch }, "$.model.multiView.attention"),
            (new ModelSpec(BackboneName.OsNetX025) { MultiView = Pytorch }, "$.model.multiView.attention"),
            (new ModelSpec(BackboneName.ResNet18) { MultiView = Mindspore }, "$.model.multiView.style"),
        ];

        Assert.All(refused, one => Assert.Equal([one.Path], Faults(one.Model).Select(fault => fault.Path).Distinct()));
    }

    [Fact]
    public void Refuses_features_after_the_neck_where_they_are_so_already() =>
        Assert.Equal(
            ["$.evaluation.afterNeck"],
            EvaluationRules.Features(new EvaluationSpec { AfterNeck = true }, new ModelSpec(BackboneName.ResNet50) { MultiView = Pytorch }, "$.model").Select(fault => fault.Path));

    [Fact]
    public void Neither_teaches_views_nor_is_a_student_s_start()
    {
        var (several, one) = (new ModelSpec(BackboneName.ResNet50) { MultiView = Pytorch }, new ModelSpec(BackboneName.ResNet50));
        var method = new ViewDistillationSpec(new CheckpointRef("0123456789abcdef0123"));
        var spec = new TrainSpec("sysu", one, method);

        Assert.Equal("$.method.teacher", Assert.Throws<SpecException>(() => StartRules.RequireTeacher(spec, method, several)).Errors[0].Path);
        Assert.Equal("$.method.student", Assert.Throws<SpecException>(() => StartRules.RequireStudent(one, method, several)).Errors[0].Path);
    }

    /// <summary>Of the model alone.</summary>
    private static List<SpecError> Faults(ModelSpec model) =>
        [.. SpecRules.Check(new TrainSpec("sysu", model, new SupervisedSpec())).Where(fault => fault.Path.StartsWith("$.model.", StringComparison.Ordinal) && fault.Path != "$.model.multiView")];
}
