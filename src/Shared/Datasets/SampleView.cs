namespace ReidCloud.Datasets;

/// <summary>Some tracklets of a data set, for people to look at.</summary>
public sealed record SampleList(IReadOnlyList<SampleView> Tracklets);

/// <summary>A tracklet and some of its frames. Without an identity it is nobody's: a distractor. <see cref="FrameCount"/> counts all of its frames.</summary>
public sealed record SampleView(Split Split, string? Identity, string Camera, Modality Modality, int FrameCount, IReadOnlyList<SampleFrame> Frames);

/// <summary>A frame: its place in the data set, its name there, and where to get its bytes.</summary>
public sealed record SampleFrame(int Frame, string Name, string Address);
