namespace ReidCloud.Datasets;

/// <summary>An HDF5 file that cannot be read. The message says where and what to do.</summary>
public sealed class Hdf5Exception(string message, Exception? inner = null) : Exception(message, inner);
