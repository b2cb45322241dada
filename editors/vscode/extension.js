// Starts `djudge server` and connects VS Code with it.

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

// What the server reads, as far as VS Code gives it to language servers.
const DOCUMENTS = [
  { scheme: "file", language: "python" },
  { scheme: "file", pattern: "**/{djudge,pyproject}.toml" },
  { scheme: "file", pattern: "**/{.env,.env.*,*.env}" },
  { scheme: "file", pattern: "**/{Dockerfile,Procfile,docker-compose*,compose*,requirements*}" },
];

let client;

async function start() {
  const command = vscode.workspace.getConfiguration("djudge").get("path") || "djudge";
  client = new LanguageClient(
    "djudge",
    "djudge",
    { command, args: ["server"] },
    {
      documentSelector: DOCUMENTS,
      initializationOptions: options(),
      synchronize: { configurationSection: "djudge" },
    },
  );
  try {
    await client.start();
  } catch (error) {
    const chosen = await vscode.window.showErrorMessage(
      `djudge does not start: ${error.message}. Install it with "pip install djudge", or set djudge.path.`,
      "Open Settings",
    );
    if (chosen) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "djudge.path");
    }
  }
}

function options() {
  const { inlayHints, minSeverity } = vscode.workspace.getConfiguration("djudge");
  return { inlayHints, minSeverity };
}

async function stop() {
  if (client?.needsStop()) {
    await client.stop();
  }
  client = undefined;
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("djudge.restart", async () => {
      await stop();
      await start();
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("djudge.path")) {
        await stop();
        await start();
      }
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
