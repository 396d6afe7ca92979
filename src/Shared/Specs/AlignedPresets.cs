namespace ReidCloud.Specs;

/// <summary>
/// AlignedReID and mutual learning as their public reproduction trains them (spec of AlignedReID §5–§8, §10), beside every result that it published (<see cref="AlignedFigures"/>): on Market-1501, on the
/// training sets of Market-1501, CUHK03 and DukeMTMC-reID together, and the same recipes for CUHK03 and DukeMTMC-reID alone. All start from ImageNet's weights.
/// </summary>
internal static class AlignedPresets
{
    private const string Published = "the public reproduction of AlignedReID (Zhang et al. 2017) with Deep Mutual Learning (Zhang et al., CVPR 2018); features are not normalised unless said, though its own default is to normalise them";
    private const string Inferred = Published + "; inferred: what its rows with identification and mutual loss weigh the class scores with is not said, this is its code's default, 1";
    private const string Unpublished = Published + "; of this data set alone it published no figures, only of the three together";

    private static readonly RecipeOf[] Recipes =
    [
        new("global", "global triplet"),
        new("local", "global and local triplet") { HasLocal = true },
        new("identification", "global triplet and identification") { HasIdentification = true },
        new("all", "global and local triplet and identification") { HasLocal = true, HasIdentification = true },
    ];

    private static readonly SetOf[] Sets =
    [
        new("market1501", "Market-1501", ["global", "local", "identification", "global-mutual", "local-mutual", "identification-mutual"]),
        new("cuhk03", "CUHK03", ["global", "local", "global-mutual", "local-mutual"]),
        new("dukemtmc-reid", "DukeMTMC-reID", ["global", "local", "global-mutual", "local-mutual"]),
        new("combined", "Market-1501, CUHK03 and DukeMTMC-reID together", ["global", "local", "identification", "all", "all-mutual"]),
    ];

    public static IReadOnlyList<Preset> All { get; } =
    [
        .. Sets.SelectMany(set => set.Recipes.Select(name => Of(set, name))),
        .. Shorter("global-150-76", 76, isNormalized: false),
        .. Shorter("global-150-76-normalized", 76, isNormalized: true),
        .. Shorter("local-150-76", 76, isNormalized: false),
        .. Shorter("global-150-101", 101, isNormalized: false),
        .. Shorter("global-150-101-normalized", 101, isNormalized: true),
    ];

    private static Preset Of(SetOf set, string name)
    {
        var isMutual = name.EndsWith("-mutual", StringComparison.Ordinal);
        var recipe = Recipes.Single(known => name == (isMutual ? $"{known.Name}-mutual" : known.Name));
        var figures = set.Name switch
        {
            "market1501" => AlignedFigures.OnMarket(name),
            "combined" => AlignedFigures.OnCombined(name),
            _ => [],
        };
        var tested = set.Name == "combined" ? "; an evaluate run on each of the three test sets gives the published figures" : "";
        return new Preset(
            $"aligned-{set.Name}-{name}",
            $"ResNet50 on {set.Title}: {recipe.Title}{(isMutual ? ", two networks that learn from each other" : "")}{tested}",
            Train(set.Name, recipe, isMutual, isNormalized: false, epochs: 300, decay: 151))
        {
            Source = figures.Count == 0 ? Unpublished : isMutual && recipe.HasIdentification ? Inferred : Published,
            Published = figures,
        };
    }

    /// <summary>The ablations of 150 epochs.</summary>
    private static IEnumerable<Preset> Shorter(string name, int decay, bool isNormalized)
    {
        var recipe = Recipes.Single(known => name.StartsWith($"{known.Name}-", StringComparison.Ordinal));
        yield return new Preset(
            $"aligned-market1501-{name}",
            $"ResNet50 on Market-1501: {recipe.Title}, 150 epochs, rate falling from epoch {decay}, features {(isNormalized ? "" : "not ")}normalised",
            Train("market1501", recipe, isMutual: false, isNormalized, epochs: 150, decay))
        {
            Source = Published,
            Published = AlignedFigures.OnMarket(name),
        };
    }

    /// <summary>
    /// The last, smaller batch of an epoch is used in mutual learning only, as there. Local triplets choose their own pairs: without that the reference measures no local distances.
    /// </summary>
    private static TrainSpec Train(string dataset, RecipeOf recipe, bool isMutual, bool isNormalized, int epochs, int decay)
    {
        LossSpec[] losses =
        [
            new TripletSpec { Margin = 0.3, Normalize = isNormalized },
            .. recipe.HasLocal ? [new LocalTripletSpec { Margin = 0.3, Normalize = isNormalized, Mining = TripletMining.Own }] : Array.Empty<LossSpec>(),
            .. recipe.HasIdentification ? [new CrossEntropySpec()] : Array.Empty<LossSpec>(),
            .. isMutual && recipe.HasIdentification ? [new MutualProbabilitySpec()] : Array.Empty<LossSpec>(),
            .. isMutual ? [new MutualDistanceSpec { Normalize = isNormalized }] : Array.Empty<LossSpec>(),
        ];
        return new TrainSpec(dataset, Model(recipe.HasLocal), isMutual ? new MutualLearningSpec(Peers: 2) { Losses = losses } : new SupervisedSpec(Views: 1) { Losses = losses })
        {
            Input = new InputSpec(256, 128) { Filter = ResizeFilter.OpenCvBilinear, Mean = new Rgb(0.486, 0.459, 0.408) },
            Augmentation = new AugmentationSpec(Padding: 0, ErasingProbability: 0),
            Sampling = new SamplingSpec(Identities: 32, Tracklets: 4) { KeepLastBatch = isMutual },
            Optimizer = new AdamSpec(LearningRate: 2e-4, WeightDecay: 5e-4),
            Schedule = new ExponentialSpec(decay),
            Epochs = epochs,
            InitialWeights = CheckpointRef.Pushed(ImageNetWeights.NameFor(BackboneName.ResNet50)),
            Evaluation = new EvaluationSpec
            {
                Settings = [RetrievalSetting.ImageToImage],
                Frames = 1,
                Metric = DistanceMetric.Euclidean,
                NormalizeFeatures = isNormalized,
                Distances = recipe.HasLocal ? [RetrievalDistance.Global, RetrievalDistance.Local, RetrievalDistance.Combined] : [RetrievalDistance.Global],
                ReRanking = new ReRankingSpec(),
            },
        };
    }

    private static ModelSpec Model(bool hasLocal) => new(BackboneName.ResNet50)
    {
        LastStride = 2,
        FinalRelu = true,
        Neck = NeckName.None,
        Local = hasLocal ? new LocalBranchSpec() : null,
    };

    private sealed record RecipeOf(string Name, string Title)
    {
        public bool HasLocal { get; init; }

        public bool HasIdentification { get; init; }
    }

    private sealed record SetOf(string Name, string Title, IReadOnlyList<string> Recipes);
}
