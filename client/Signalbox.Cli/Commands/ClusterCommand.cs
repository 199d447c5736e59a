using System.CommandLine;
using System.Text.Json;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;
using Signalbox.Client;

namespace Signalbox.Cli.Commands;

internal static class ClusterCommand
{
    public static Command Create(Verbs verbs) =>
        verbs.Of("cluster", "Show the silos and nodes of the cluster that the server is a part of.", [], async (run, client) =>
        {
            if (await client.ClusterAsync(run.Ending).ConfigureAwait(false) is not { } cluster)
            {
                if (!run.Printer.IsJson) run.Printer.Text("The server is alone: it is no part of a cluster.");
                return ExitCode.Done;
            }

            if (run.Printer.IsJson) PrintJson(run.Printer, cluster);
            else PrintTables(run.Printer, cluster);
            return ExitCode.Done;
        });

    private static void PrintTables(Printer printer, ClusterInfo cluster)
    {
        var silos = new Table(
            printer, "SILO", "STATUS", "VERSION", "SINCE", ">CHANNELS", ">USERS", ">KEYS", ">QUEUES");
        foreach (var silo in cluster.Silos)
        {
            var grains = silo.Grains;
            silos.Add(
                silo.Address,
                silo.Status,
                silo.Version ?? "?",
                printer.LocalDateTime(silo.Since),
                Number(grains?.Channels),
                Number(grains?.Users),
                Number(grains?.Keys),
                Number(grains?.Queues));
        }

        silos.Flush();
        var nodes = new Table(printer, "NODE", "SILO", "VERSION", ">BACKLOG");
        foreach (var node in cluster.Nodes)
        {
            nodes.Add(node.Id, node.Silo ?? "", node.Version ?? "?", Number(node.Backlog));
        }

        nodes.Flush();
    }

    private static void PrintJson(Printer printer, ClusterInfo cluster)
    {
        foreach (var silo in cluster.Silos) printer.Json(json => Write(json, silo));
        foreach (var node in cluster.Nodes) printer.Json(json => Write(json, node));
    }

    private static void Write(Utf8JsonWriter json, SiloInfo silo)
    {
        json.WriteString("silo", silo.Address);
        json.WriteString("status", silo.Status);
        if (silo.Version is not null) json.WriteString("version", silo.Version);
        json.WriteNumber("since", silo.Since.ToUnixTimeMilliseconds());
        if (silo.Grains is not { } grains) return;

        json.WriteNumber("channels", grains.Channels);
        json.WriteNumber("users", grains.Users);
        json.WriteNumber("keys", grains.Keys);
        json.WriteNumber("queues", grains.Queues);
    }

    private static void Write(Utf8JsonWriter json, NodeInfo node)
    {
        json.WriteString("node", node.Id);
        if (node.Silo is not null) json.WriteString("silo", node.Silo);
        if (node.Version is not null) json.WriteString("version", node.Version);
        if (node.Backlog is { } backlog) json.WriteNumber("backlog", backlog);
    }

    // What is not known is not zero.
    private static string Number(long? number) => number is { } known ? Line.Of(known) : "?";
}
