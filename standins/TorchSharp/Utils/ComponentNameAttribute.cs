namespace TorchSharp.Utils;

/// <summary>The name that a field has in the state dict, where it is not the field's own.</summary>
public class ComponentNameAttribute : Attribute
{
    public string? Name { get; set; }
}
