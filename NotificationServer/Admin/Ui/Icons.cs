namespace NotificationServer.Admin.Ui;

/// One line set, drawn on 16 x 16 with a stroke of 1.5.
internal static class Icons
{
    public static string Paths(string name) => name switch
    {
        "ios_push" => """<rect x="4" y="1.5" width="8" height="13" rx="2"/><path d="M7 3.5h2"/>""",
        "android_push" => """<rect x="4" y="1.5" width="8" height="13" rx="2"/><path d="M7.25 12.25h1.5"/>""",
        "web_push" => """<rect x="1.5" y="2.5" width="13" height="11" rx="2"/><path d="M1.5 6h13M4 4.25h.01M6 4.25h.01"/>""",
        "push" => """<path d="M8 1.75a4 4 0 0 0-4 4c0 3.5-1.5 5-1.5 5h11s-1.5-1.5-1.5-5a4 4 0 0 0-4-4ZM6.75 13.25a1.4 1.4 0 0 0 2.5 0"/>""",
        "sms" => """<path d="M3.5 2.5h9a2 2 0 0 1 2 2V9a2 2 0 0 1-2 2H7l-3.5 3v-3a2 2 0 0 1-2-2V4.5a2 2 0 0 1 2-2ZM5 5.75h6M5 8h3.5"/>""",
        "email" => """<rect x="1.5" y="3" width="13" height="10" rx="2"/><path d="m2 4.5 6 4.25 6-4.25"/>""",
        "overview" => """<path d="M1.5 8h3L6.5 3l3 10 2-5h3"/>""",
        "inbox" => """<path d="M1.5 9 4 3.25h8L14.5 9v3a1.5 1.5 0 0 1-1.5 1.5H3A1.5 1.5 0 0 1 1.5 12V9ZM1.5 9H5l1 2h4l1-2h3.5"/>""",
        "templates" => """<rect x="2" y="2" width="12" height="12" rx="2"/><path d="M5 5.5h6M5 8h6M5 10.5h3.5"/>""",
        "queues" => """<path d="M2.5 4h11M2.5 8h11M2.5 12h6"/><circle cx="12" cy="12" r="1.5"/>""",
        "users" => """<circle cx="6" cy="5.25" r="2.5"/><path d="M1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M10.5 3a2.5 2.5 0 0 1 0 4.6M12 9.8c1.6.5 2.5 1.9 2.5 3.7"/>""",
        "blocked" => """<circle cx="8" cy="8" r="6"/><path d="m3.8 3.8 8.4 8.4"/>""",
        "providers" => """<path d="M4.5 11.5a3 3 0 0 1-.3-6 4 4 0 0 1 7.7.6 2.75 2.75 0 0 1-.4 5.4zM8 14.5V8.75M6 10.75l2-2 2 2"/>""",
        "settings" => """<path d="M2 4.5h6M11.5 4.5H14M2 11.5h2.5M8 11.5h6"/><circle cx="9.75" cy="4.5" r="1.75"/><circle cx="6.25" cy="11.5" r="1.75"/>""",
        "keys" => """<circle cx="5" cy="11" r="3"/><path d="m7.25 8.75 6-6M11 5l2 2M9 7l1.5 1.5"/>""",
        "pause" => """<path d="M5.5 3.5v9M10.5 3.5v9"/>""",
        "play" => """<path d="M5 3.25v9.5l7.5-4.75z"/>""",
        "undo" => """<path d="M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M5.5 3.5l-3 3 3 3"/>""",
        "up" => """<path d="M8 13V3.5M4.5 7 8 3.5 11.5 7"/>""",
        "down" => """<path d="M8 3v9.5M4.5 9 8 12.5 11.5 9"/>""",
        "plus" => """<path d="M8 3.25v9.5M3.25 8h9.5"/>""",
        "info" => """<circle cx="8" cy="8" r="6"/><path d="M8 7.5v3.5M8 5.1h.01"/>""",
        "data" => """<path d="M5.5 2.5c-2 0-1.5 2-1.5 3S3 8 2.5 8C3 8 4 9 4 10.5s-.5 3 1.5 3M10.5 2.5c2 0 1.5 2 1.5 3S13 8 13.5 8c-.5 0-1.5 1-1.5 2.5s.5 3-1.5 3"/>""",
        "docs" => """<path d="M3.5 1.75h6l3.5 3.5v9h-9.5zM9.25 1.75v3.75H13M5.75 8.5h4.5M5.75 11h4.5"/>""",
        "search" => """<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>""",
        "menu" => """<path d="M2 4.5h12M2 8h12M2 11.5h12"/>""",
        "back" => """<path d="M9.5 3.5 5 8l4.5 4.5"/>""",
        "forward" => """<path d="M6.5 3.5 11 8l-4.5 4.5"/>""",
        "copy" => """<rect x="5.5" y="5.5" width="8.5" height="8.5" rx="1.5"/><path d="M3 10.5h-.5A.5.5 0 0 1 2 10V3.5A1.5 1.5 0 0 1 3.5 2H10a.5.5 0 0 1 .5.5V3"/>""",
        "sign-out" => """<path d="M6 2.5H3.5v11H6M7 8h7M11.25 5.25 14 8l-2.75 2.75"/>""",
        "sun" => """<circle cx="8" cy="8" r="3"/><path d="M8 1v1.25M8 13.75V15M1 8h1.25M13.75 8H15M3 3l.9.9M12.1 12.1l.9.9M13 3l-.9.9M3.9 12.1 3 13"/>""",
        "moon" => """<path d="M13.5 9.75A6 6 0 0 1 6.25 2.5a6 6 0 1 0 7.25 7.25Z"/>""",
        "system" => """<rect x="1.5" y="2.5" width="13" height="8.5" rx="1.5"/><path d="M5.5 13.75h5M8 11v2.75"/>""",
        "ok" => """<path d="m3 8.5 3.25 3.25L13 4.75"/>""",
        "wait" => """<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.25 1.5"/>""",
        "warn" => """<path d="M8 2 1.5 13.5h13zM8 6.5v3M8 11.5h.01"/>""",
        "fail" => """<path d="m4 4 8 8M12 4l-8 8"/>""",
        "off" => """<circle cx="8" cy="8" r="6"/><path d="M5.25 8h5.5"/>""",
        "out" => """<path d="M6 3.5h6.5V10M12.5 3.5l-9 9"/>""",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not one of our icons"),
    };
}
