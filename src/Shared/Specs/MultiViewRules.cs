namespace ReidCloud.Specs;

/// <summary>What a network of several views demands of the rest of its model.</summary>
internal static class MultiViewRules
{
    private const string Path = "$.model.multiView";

    public static void Check(ModelSpec model, MultiViewSpec views, SpecFaults faults)
    {
        var backbone = NameConverterFactory.NameOf(model.Backbone);
        faults.Unless(model.Local is null, "$.model.local", $"has no place beside {Path}, whose branches have no stripes; leave one of them out");
        faults.Unless(model.Neck == NeckName.BatchNorm, "$.model.neck", $"must be 'batch-norm' with {Path}, whose observations are what stands behind a batch norm; leave it out");
        faults.InRange(views.BottleneckDim, 1, MultiViewSpec.MostDim, $"{Path}.bottleneckDim");
        faults.Fraction(views.Dropout, $"{Path}.dropout");
        faults.Fraction(views.GreyBlue, $"{Path}.greyBlue");
        faults.Unless(
            !views.Attention || model.Backbone.IsResNet(),
            $"{Path}.attention",
            $"must be false with backbone '{backbone}': it stands in front of a ResNet's second, third and fourth stage, and this network has no such stages");
        faults.Unless(
            views.Style != MultiViewStyle.Mindspore || model.Backbone is BackboneName.ResNet50 or BackboneName.ResNet101 or BackboneName.ResNet50IbnA or BackboneName.ResNet101IbnA,
            $"{Path}.style",
            $"must be 'pytorch' with backbone '{backbone}': how MindSpore's program pads and normalizes is known of resnet50 and applied to resnet101 and their ibn-a forms alone");
    }
}
