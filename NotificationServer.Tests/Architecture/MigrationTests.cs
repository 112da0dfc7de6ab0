using NotificationServer.Platform;

namespace NotificationServer.Tests.Architecture;

public sealed class MigrationTests
{
    /// A migration that was released is never edited: databases out there have run it as it was. Add a line for each new file.
    private static readonly Dictionary<string, string> Checksums = new()
    {
        ["0001_foundation"] = "7dc9da14b8a3b667f4b3579fd27df1e7bf031a050905dda25bb1883a23870b34",
        ["0002_identity"] = "53200c7e41ecbcaf974048e97fda4f0bd9624b81156943119939e15aef59d4f9",
        ["0003_gates_and_dead_letters"] = "2d096e57c7a502e1012322db0745615802d2cfe171110b0aecee6b7c427bd59d",
        ["0004_operations"] = "33cfcd56053ee62e1261f791f48e04a18af544fd77adecac875d23b74bd17d01",
        ["0005_nodes_and_limits"] = "2dbd1bf3fcef84e4f0001ebc300fc93c6be6a6b9356f41cb20e1248a91e6dcb6",
        ["0006_recipients"] = "bd63b8544ab54152b151c3136282c034ab3ff76d7caf2ced8765eeacfc45471f",
        ["0007_consent"] = "75836711c927e6fa1de6048fd4da55c05ad9b729c7627d62098ced4985636ad5",
        ["0008_hangfire_jobs"] = "8d63f4755d8c6f0a539ed29a374a8c78dc552a5eb2fff20bb6bb1cdecd4f1f56",
        ["0009_provider_accounts"] = "5e5190e5a4e49e5ba386c56f79ccd5bc0df32a861cc24d55c1ab81f39113fe18",
        ["0010_receipts"] = "96f7957cdfd9a87392eb640e358fca5f564e3fb2325406bda5fe919dc83d88d5",
        ["0011_provider_rates"] = "891065aa846a6f1e0c129cac83c8210172d5d3ea7649848e530e301d20956c40",
        ["0012_templates"] = "34ded8f9583d0aac038d87ed759a64c1816e5d4986c7112df02d5716d3176ee8",
        ["0013_engagement"] = "b3608edf15cb229d995dd8789986f8f9db3cb92a35539b76ebd5080d438f8a53",
        ["0014_webhooks"] = "f5a1cb596adfe61b04d9fd9e510a4a118b347e5e14e46c99b02744ccac5dbe98",
        ["0015_people"] = "60f3a4e2accc01bf8262796ffdb11f2b74cb3d783768e9e03fbabf1d59cb6652",
        ["0016_monitor"] = "712b462becfcd3679b83f4040e6943f2726b50ae20ed5e581f2016b3d90779d0",
        ["0017_desks"] = "4712142a22441792d9a3f3090a43687feed92f75f8f9b6d7792b1fce02232974",
        ["0018_people"] = "00c68d30206912c7fe88a3a203e3d9898048a252fd640d2c73acbfa503be35ee",
        ["0019_keys_and_audit"] = "ed87d5bd8048cc52d1a54c583e3754db1498b61fd81122e6f548de881094f4d7",
        ["0020_campaigns"] = "e624e09ea6cfee84aea77db1978912446d04959163c0018af78f0a47c6a713b3",
        ["0021_segments"] = "1d4103e4bf81740650549c410f8103c7c1c8166fed48b5cfea4f6c6076a61104",
        ["0022_campaign_approval"] = "51c252f0df6ed300c6f4e83cc259167f3687d6eed328ba38ad32142cf68508a3",
        ["0023_campaign_runs"] = "bdcc6cdbe02f72bb7300c179853c5a2260ae30efcec0f65423e1f456fdfa4bf7",
        ["0024_campaign_filters"] = "351fa9661601bc298563169667d2e2f7c8ae45d1c23dfe460cc2233aa4f10297",
        ["0025_watch"] = "21da50eabc9d68dd846b1891ec82ca27d8a9f277720ed2210bcb1b6a2896d784",
        ["0026_restores"] = "c2e32560f15a7fc4721699710ffd36a8eba42f82a37d8ae806a12a8979e65df9",
        ["0027_campaign_languages"] = "00b54ec34ffea32991ba1f36b671aa42b7ce24be2e5123ea58e800d669fdd0ac",
        ["0028_looking"] = "da580a973f28b14c88e2d3faeb13a9919fb3cfab631555f11eedf4b6f42c7e24",
    };

    [Fact]
    public void Migrations_are_numbered_from_1_without_gaps()
    {
        Assert.Equal(Enumerable.Range(1, Migration.Embedded.Count), Migration.Embedded.Select(m => m.Number));
        Assert.Equal(
            Source.Files("migrations", ".sql").Select(file => Path.GetFileNameWithoutExtension(file)),
            Migration.Embedded.Select(m => m.Name));
    }

    [Fact]
    public void A_migration_is_never_changed_after_it_was_released()
    {
        Assert.Equal(Checksums, Migration.Embedded.ToDictionary(m => m.Name, m => m.Checksum));
    }
}
