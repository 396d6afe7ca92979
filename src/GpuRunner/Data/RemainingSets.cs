namespace ReidCloud.GpuRunner.Data;

/// <summary>Which of so many sets that were drawn for a batch it has.</summary>
internal sealed record RemainingSets(int Drawn, int[] Places_B)
{
    public int LeftOut => Drawn - Places_B.Length;
}
