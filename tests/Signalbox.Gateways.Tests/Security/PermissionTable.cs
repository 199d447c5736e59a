namespace Signalbox.Gateways.Tests.Security;

/// <summary>Every command, and the right that it needs. A protocol that speaks commands answers each of them alike.</summary>
internal static class PermissionTable
{
    private const string Admin = """{"admin":true}""";

    /// <summary>All rights there are on other names than those of the table, and no <c>admin</c>.</summary>
    public const string OtherRights = """
        {"publish":["other/#"],"subscribe":["other/#"],"presence":["other/#"],
        "queue":{"push":["other/#"],"pop":["other/#"],"peek":["other/#"],"delete":["other/#"]},
        "hash":{"read":["other/#"],"write":["other/#"]},"user":{"send":["other/#"],"read":["other/#"]}}
        """;

    public static IReadOnlyList<PermissionRow> Rows { get; } =
    [
        new("""{"command":"subscribe","key":"chat/1"}""", """{"subscribe":["chat/#"]}"""),
        new("""{"command":"subscribe","key":["chat/1","chat/2"]}""", """{"subscribe":["chat/1","chat/2"]}"""),
        new("""{"command":"subscribe","key":["other/1","chat/2"]}""", """{"subscribe":["other/1","chat/2"]}"""),
        new("""{"command":"subscribe","key":"chat/+"}""", """{"subscribe":["chat/#"]}"""),
        new("""{"command":"subscribe","key":"#"}""", """{"subscribe":["#"]}"""),
        new("""{"command":"subscribe","key":"+/1"}""", """{"subscribe":["+/1"]}"""),
        new("""{"command":"subscribe","key":"$kv/chat/1"}""", """{"hash":{"read":["chat/#"]}}"""),
        new("""{"command":"subscribe","key":"$kv/#"}""", """{"hash":{"read":["#"]}}"""),
        new("""{"command":"subscribe","key":"$users/bert"}""", """{"user":{"read":["bert"]}}"""),
        new("""{"command":"subscribe","key":"$users/anna"}""", "{}", Denied: "0"),
        new("""{"command":"subscribe","key":"$users/#"}""", """{"user":{"read":["#"]}}"""),
        new("""{"command":"history","key":"$users/bert"}""", """{"user":{"read":["bert"]}}"""),
        new("""{"command":"unsubscribe","key":"chat/1"}""", "{}", Denied: "0", Anonymous: "0"),
        new("""{"command":"publish","key":"chat/1","value":1}""", """{"publish":["chat/+"]}"""),
        new("""{"command":"publish","key":["other/1","chat/1"],"value":1}""", """{"publish":["other/1","chat/1"]}"""),
        new("""{"command":"broadcast","value":1}""", Admin),
        new("""{"command":"channels"}""", """{"subscribe":["#"]}""", Denied: "0"),
        new("""{"command":"history","key":"chat/1"}""", """{"subscribe":["chat/1"]}"""),
        new("""{"command":"presence","key":"chat/1"}""", """{"subscribe":["chat/1"]}"""),
        new("""{"command":"presence","key":"chat/2"}""", """{"presence":["chat/2"]}"""),
        new("""{"command":"set","key":"chat/1","value":1}""", """{"hash":{"write":["chat/1"]}}"""),
        new("""{"command":"get","key":"chat/1"}""", """{"hash":{"read":["chat/1"]}}"""),
        new("""{"command":"delete","key":"chat/1"}""", """{"hash":{"write":["chat/1"]}}"""),
        new("""{"command":"incr","key":"chat/n"}""", """{"hash":{"write":["chat/n"]}}"""),
        new("""{"command":"keys"}""", """{"hash":{"read":["#"]}}""", Denied: "0"),
        new("""{"command":"count"}""", """{"hash":{"read":["#"]}}"""),
        new("""{"command":"deleteall"}""", Admin),
        new("""{"command":"qpush","key":"jobs","value":1}""", """{"queue":{"push":["jobs"]}}"""),
        new("""{"command":"qpop","key":"jobs"}""", """{"queue":{"pop":["jobs"]}}"""),
        new("""{"command":"qpop","key":"$dead/jobs"}""", """{"queue":{"pop":["jobs"]}}"""),
        new("""{"command":"qack","key":"jobs","receipt":"1-1"}""", """{"queue":{"pop":["jobs"]}}""", Allowed: "409"),
        new("""{"command":"qnack","key":"jobs","receipt":"1-1"}""", """{"queue":{"pop":["jobs"]}}""", Allowed: "409"),
        new("""{"command":"qextend","key":"jobs","receipt":"1-1","reserve":1}""", """{"queue":{"pop":["jobs"]}}""", Allowed: "409"),
        new("""{"command":"qpeek","key":"jobs"}""", """{"queue":{"peek":["jobs"]}}"""),
        new("""{"command":"qcount","key":"jobs"}""", """{"queue":{"pop":["jobs"]}}"""),
        new("""{"command":"qdelete","key":"jobs"}""", """{"queue":{"delete":["jobs"]}}"""),
        new("""{"command":"qdeleteall"}""", Admin),
        new("""{"command":"queues"}""", """{"queue":{"peek":["#"]}}""", Denied: "0"),
        new("""{"command":"hello","server_id":1,"worker_id":1}""", """{"subscribe":["65537"]}"""),
        new("""{"command":"ping"}""", "{}", Denied: "0", Anonymous: "0"),
        new("""{"command":"quota","key":"chat/1"}""", """{"publish":["chat/1"]}"""),
        new("""{"command":"send","key":"bert","value":1}""", """{"user":{"send":["bert"]}}"""),
        new("""{"command":"user","key":"bert"}""", """{"user":{"read":["bert"]}}"""),
        new("""{"command":"user","key":"anna"}""", "{}", Denied: "0"),
        new("""{"command":"disconnect","key":"bert"}""", Admin),
        new("""{"command":"revoke","key":"bert"}""", Admin),
        new("""{"command":"cluster"}""", Admin),
    ];
}
