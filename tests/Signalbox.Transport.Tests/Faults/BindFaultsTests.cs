using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Signalbox.Transport.Tests.Faults;

/// <summary>Where nobody can listen the start stops, with a sentence that says where and why.</summary>
public sealed class BindFaultsTests
{
    [Theory]
    [InlineData(KernelCall.Bind, SocketError.AccessDenied)]
    [InlineData(KernelCall.Bind, SocketError.AddressNotAvailable)]
    [InlineData(KernelCall.Bind, SocketError.TooManyOpenSockets)]
    [InlineData(KernelCall.Listen, SocketError.AccessDenied)]
    [InlineData(KernelCall.Listen, SocketError.NoBufferSpaceAvailable)]
    public async Task It_is_said_where_and_why(KernelCall call, SocketError error)
    {
        await using var transport = new FaultyTransport();
        transport.Kernel.Fail(call, (int)error, times: 1);

        var failure = await Assert.ThrowsAsync<IOException>(transport.BindAsync);

        Assert.Equal($"Nobody can listen at 127.0.0.1:0: {new SocketException((int)error).Message}", failure.Message);
        await transport.BindAsync();
        await transport.ServeAsync();
    }

    [Theory]
    [InlineData(KernelCall.Bind)]
    [InlineData(KernelCall.Listen)]
    public async Task An_address_that_another_has_is_what_Kestrel_knows(KernelCall call)
    {
        await using var transport = new FaultyTransport();
        transport.Kernel.Fail(call, (int)SocketError.AddressAlreadyInUse, times: 1);

        await Assert.ThrowsAsync<AddressInUseException>(transport.BindAsync);
    }
}
