using Microsoft.AspNetCore.Http;
using NotificationServer.Admin.Ui;

namespace NotificationServer.Tests.Admin.Ui;

public sealed class HereTests
{
    [Fact]
    public void One_filter_changes_and_the_others_stay() =>
        Assert.Equal("/admin/failures?provider=sendgrid-eu&channel=email", Here.With(At("?provider=sendgrid-eu&channel=sms"), ("channel", "email")));

    [Fact]
    public void A_filter_without_a_value_is_taken_off() =>
        Assert.Equal("/admin/failures?channel=sms", Here.With(At("?provider=sendgrid-eu&channel=sms&q="), ("provider", null)));

    [Fact]
    public void Another_filter_begins_at_the_first_page() =>
        Assert.Equal("/admin/failures?channel=sms", Here.With(At("?cursor=abc&after=x&before=y"), ("channel", "sms")));

    private static HttpRequest At(string query)
    {
        var request = new DefaultHttpContext().Request;
        (request.Path, request.QueryString) = ("/admin/failures", new QueryString(query));
        return request;
    }
}
