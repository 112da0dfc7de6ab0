using NotificationServer.Admin;
using NotificationServer.Api;
using NotificationServer.Campaigns;
using NotificationServer.Channels;
using NotificationServer.Clients;
using NotificationServer.Delivery;
using NotificationServer.Notifications;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Templates;
using NotificationServer.Tracking;

var builder = WebApplication.CreateBuilder(args);

builder.AddPlatform();
builder.AddApi();
builder.AddClients();
builder.AddNotifications();
builder.AddRecipients();
builder.AddTemplates();
builder.AddQueue();
builder.AddDelivery();
builder.AddChannels();
builder.AddCampaigns();
builder.AddTracking();
builder.AddAdmin();

var app = builder.Build();

app.MapPlatform();
app.MapApi();
app.MapTracking();
app.MapAdmin();

await app.RunAsync();
