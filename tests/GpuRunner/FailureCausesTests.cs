using System.Runtime.InteropServices;
using ReidCloud.GpuRunner;
using ReidCloud.GpuRunner.Export;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner;

public sealed class FailureCausesTests : TorchTests
{
    private static readonly RunId Run = RunId.Parse("0123456789abcdef0123");

    [Fact]
    public void The_librarys_own_words_for_memory_that_ran_out_are_known()
    {
        var fault = Assert.ThrowsAny<ExternalException>(() => zeros(1L << 50).Dispose());

        Assert.Equal(FailureCause.OutOfMemory, FailureCauses.Of(fault));
        var told = FailureReport.Of(Run, fault, new RunStatus(RunState.Running, default, default));
        Assert.StartsWith("memory ran out: ", told.Message, StringComparison.Ordinal);
        Assert.Contains("$.sampling.identities", told.Message, StringComparison.Ordinal);
        Assert.Contains($"`reid retry {Run}`", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 4503599627370496 bytes. Error code 12 (Cannot allocate memory)", FailureCause.OutOfMemory)]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 23.65 GiB total capacity)", FailureCause.OutOfMemory)]
    [InlineData("CUDA error: out of memory", FailureCause.OutOfMemory)]
    [InlineData("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", FailureCause.OutOfMemory)]
    [InlineData("The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0", FailureCause.Fault)]
    public void Native_faults_are_told_apart_by_their_words(string words, FailureCause cause) => Assert.Equal(cause, FailureCauses.Of(new ExternalException(words)));

    [Fact]
    public void What_is_not_what_was_published_or_is_gone_is_bad_data_and_no_fault_of_this_program()
    {
        Assert.Equal(FailureCause.BadData, FailureCauses.Of(new InvalidDataException("checkpoint 'x' is damaged")));
        Assert.Equal(FailureCause.BadData, FailureCauses.Of(new FileNotFoundException("blob 'x' does not exist")));
        Assert.Equal(FailureCause.Fault, FailureCauses.Of(new InvalidOperationException("no such tensor")));
    }

    [Fact]
    public void An_export_without_ONNX_Runtime_is_the_machines_matter_and_a_wrong_one_the_programs()
    {
        Assert.Equal(FailureCause.Infrastructure, FailureCauses.Of(new OnnxRuntimeException("it is not there")));
        Assert.Equal(FailureCause.Fault, FailureCauses.Of(new ExportException("embeddings differ")));
    }

    [Fact]
    public void A_training_that_diverged_leaves_its_last_losses_and_the_checkpoint_before()
    {
        var status = new RunStatus(RunState.Running, default, default)
        {
            Progress = new RunEvent(default, RunEventKind.Step) { Epoch = 4, Step = 2, Values = new Dictionary<string, double> { ["total"] = 1e30, ["learningRate"] = 0.5 } },
            Checkpoint = new CheckpointPointer("somewhere", "0", 4, 0),
        };

        var told = FailureReport.Of(Run, new TrainingDivergedException("total", double.NaN, 4, 7, 0.5), status);

        Assert.Equal(FailureCause.Diverged, told.Cause);
        Assert.Contains("lower $.optimizer.learningRate", told.Message, StringComparison.Ordinal);
        Assert.Contains("epoch 4, step 2, total 1E+30, learningRate 0.5", told.Detail, StringComparison.Ordinal);
        Assert.Contains("Last checkpoint: epoch 4, step 0", told.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_the_machines_fault_and_not_the_programs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full is Linux's");
        var fault = Assert.ThrowsAny<IOException>(() =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.WriteByte(1);
        });

        var told = FailureReport.Of(Run, fault, new RunStatus(RunState.Running, default, default));

        Assert.Equal(FailureCause.Infrastructure, told.Cause);
        Assert.Contains("ReidCloud__CacheFolder", told.Message, StringComparison.Ordinal);
    }
}
