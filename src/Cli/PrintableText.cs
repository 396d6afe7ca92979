using ReidCloud.Datasets;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ReidCloud.Cli;

/// <summary>
/// Shows text as text: characters in it that would move the cursor, color the screen or turn the reading direction are replaced; those that the console
/// itself writes for its bars and colors are not text.
/// </summary>
internal sealed class PrintableText : IRenderHook
{
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(inner => new Printable(inner));

    private sealed class Printable(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => inner.Render(options, maxWidth)
            .Select(segment => segment.IsControlCode || segment.IsLineBreak ? segment : new Segment(ForeignText.Printable(segment.Text), segment.Style));
    }
}
