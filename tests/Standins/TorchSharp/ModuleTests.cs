using ReidCloud.Tests.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Standins;

[Collection(TorchCollection.Name)]
public sealed class ModuleTests : TorchTest
{
    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        public readonly Conv2d conv1 = nn.Conv2d(3, 4, 3, padding: 1, bias: false);
        public readonly BatchNorm2d bn1 = nn.BatchNorm2d(4);
        private readonly Parameter scale = nn.Parameter(ones(1));
        private readonly Tensor offset = zeros(1);
        private readonly Sequential? downsample;

        public Block(bool down) : base(nameof(Block))
        {
            if (down) downsample = nn.Sequential(nn.Conv2d(4, 2, 1), nn.BatchNorm2d(2));
            RegisterComponents();
        }

        public override Tensor forward(Tensor images) => bn1.call(conv1.call(images)) * scale + offset;
    }

    private sealed class Stack : nn.Module<Tensor, Tensor>
    {
        private readonly ModuleList<Block> blocks = nn.ModuleList(new Block(false), new Block(true));
        private readonly ModuleDict<nn.Module> heads = nn.ModuleDict(("id", (nn.Module)nn.Linear(4, 2)));

        public Stack() : base("stack") => RegisterComponents();

        public override Tensor forward(Tensor images) => blocks[0].call(images);
    }

    [Fact]
    public void Fields_name_the_state_parameters_before_buffers()
    {
        using var block = new Block(true);
        Assert.Equal(
            ["scale", "conv1.weight", "bn1.weight", "bn1.bias", "downsample.0.weight", "downsample.0.bias", "downsample.1.weight", "downsample.1.bias"],
            block.named_parameters().Select(p => p.name));
        Assert.Equal(
            ["bn1.num_batches_tracked", "bn1.running_mean", "bn1.running_var", "downsample.1.num_batches_tracked", "downsample.1.running_mean", "downsample.1.running_var", "offset"],
            block.named_buffers().Select(b => b.name).Order());
        Assert.Equal(block.named_parameters().Select(p => p.name).Concat(block.named_buffers().Select(b => b.name)), block.state_dict().Keys);
        Assert.Equal(["bn1", "conv1", "downsample"], block.named_children().Select(c => c.name).Order());
        Assert.Contains("downsample.1", block.named_modules().Select(m => m.name));
        Assert.Equal("Block", block.GetName());
    }

    [Fact]
    public void Lists_and_dictionaries_name_their_modules()
    {
        using var stack = new Stack();
        var names = stack.state_dict().Keys;
        Assert.Contains("blocks.0.conv1.weight", names);
        Assert.Contains("blocks.1.downsample.0.bias", names);
        Assert.Contains("heads.id.weight", names);
    }

    [Fact]
    public void A_state_dict_refers_and_loading_copies()
    {
        using var one = new Block(false);
        using var two = new Block(false);
        Assert.False(one.conv1.weight.Equals(two.conv1.weight));
        var (missing, unexpected) = two.load_state_dict(one.state_dict());
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.True(one.conv1.weight.Equals(two.conv1.weight));
        one.conv1.weight.detach().zero_();
        Close([0], one.state_dict()["conv1.weight"].abs().sum());
        Assert.False(one.conv1.weight.Equals(two.conv1.weight));
    }

    [Fact]
    public void Loading_is_strict_unless_told_otherwise()
    {
        using var block = new Block(false);
        var state = new Dictionary<string, Tensor>(block.state_dict());
        state.Remove("scale");
        state["extra"] = zeros(1);
        Assert.Throws<InvalidOperationException>(() => block.load_state_dict(state));
        var (missing, unexpected) = block.load_state_dict(state, strict: false);
        Assert.Equal(["scale"], missing);
        Assert.Equal(["extra"], unexpected);
        Assert.Empty(block.load_state_dict(state, strict: false, skip: ["scale", "extra"]).missing_keys);
    }

    [Fact]
    public void A_saved_module_is_loaded_bit_by_bit()
    {
        using var one = new Block(true);
        using var two = new Block(true);
        one.bn1.running_mean!.fill_(0.3);
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, System.Text.Encoding.UTF8, leaveOpen: true)) one.save(writer);
        memory.Position = 0;
        two.load(memory);
        foreach (var (name, tensor) in one.state_dict()) Assert.True(tensor.Equals(two.state_dict()[name]), name);
    }

    [Fact]
    public void Training_and_evaluation_reach_every_module()
    {
        using var block = new Block(true);
        Assert.True(block.training);
        block.eval();
        Assert.False(block.training);
        Assert.All(block.modules(), module => Assert.False(module.training));
        block.train();
        Assert.All(block.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void A_module_moves_to_another_type_whole()
    {
        using var block = new Block(true);
        Assert.Same(block, block.to(float64));
        Assert.All(block.parameters(), parameter => Assert.Equal(float64, parameter.dtype));
        Assert.All(block.parameters(), parameter => Assert.True(parameter.requires_grad && parameter.is_leaf));
        Assert.Equal(float64, block.bn1.running_mean!.dtype);
        Assert.Equal(int64, block.bn1.num_batches_tracked!.dtype);
        Assert.Equal(float64, block.call(zeros(2, 3, 4, 4, float64)).dtype);
        Assert.Throws<ArgumentException>(() => block.to(int64));
    }

    [Fact]
    public void Disposing_a_module_disposes_what_it_owns()
    {
        var block = new Block(true);
        var everything = block.state_dict().Values.ToList();
        block.Dispose();
        Assert.All(everything, tensor => Assert.True(tensor.IsInvalid));
    }

    [Fact]
    public void Modules_survive_the_scope_they_are_made_in_only_as_far_as_their_layers_do()
    {
        Linear layer;
        using (NewDisposeScope()) layer = nn.Linear(2, 3);
        Assert.Equal([3, 2], layer.weight.shape);
        layer.Dispose();
    }

    [Fact]
    public void Hooks_see_and_change_what_passes()
    {
        using var layer = nn.ReLU();
        var before = layer.register_forward_pre_hook((_, input) => input - 1);
        var after = layer.register_forward_hook((_, _, result) => result * 10);
        Close([0, 10], layer.call(tensor(new[] { 1f, 2f })));
        before.remove();
        after.remove();
        Close([1, 2], layer.call(tensor(new[] { 1f, 2f })));
    }

    [Fact]
    public void Gradients_are_dropped_or_zeroed()
    {
        using var layer = nn.Linear(2, 1);
        layer.call(ones(1, 2)).sum().backward();
        layer.zero_grad(set_to_none: false);
        Close([0, 0], layer.weight.grad!);
        layer.zero_grad();
        Assert.Null(layer.weight.grad);
    }

    [Fact]
    public void Names_are_unique_and_without_dots()
    {
        using var block = new Block(false);
        Assert.Throws<InvalidOperationException>(() => block.register_module("conv1", nn.ReLU()));
        Assert.Throws<ArgumentException>(() => block.register_module("a.b", nn.ReLU()));
        Assert.Throws<InvalidOperationException>(() => block.register_parameter("scale", nn.Parameter(ones(1))));
    }

    [Fact]
    public void A_sequence_disposes_what_is_in_between_and_can_be_sliced()
    {
        Tensor? middle = null;
        using var first = nn.Linear(2, 2);
        first.register_forward_hook((_, _, result) => middle = result);
        using var sequence = nn.Sequential(("first", first), ("act", nn.ReLU()), ("last", nn.Linear(2, 1)));
        sequence.call(ones(1, 2));
        Assert.True(middle!.IsInvalid);
        Assert.Equal(3, sequence.Count);
        Assert.Equal(["act", "last"], sequence[1..].named_children().Select(child => child.name));
        Assert.Equal(["first.weight", "first.bias", "last.weight", "last.bias"], sequence.named_parameters().Select(p => p.name));
    }
}
