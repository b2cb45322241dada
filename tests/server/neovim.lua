-- Runs in Neovim with `config/settings/production.py` of the outage open. Ends Neovim with 1 where something is not as it
-- should be.

local function fail(why)
  io.stderr:write(why .. "\n")
  vim.cmd("cquit 1")
end

local function rules()
  local found = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, diagnostic.code or diagnostic.user_data.lsp.code)
  end
  return table.concat(found, " ")
end

local function wait_for(expected)
  if not vim.wait(60000, function() return rules() == expected end, 20) then
    fail("expected " .. expected .. ", not " .. rules())
  end
end

-- The action of a kind and title at the finding.
local function action(finding, title)
  local params = vim.lsp.util.make_range_params(0, "utf-16")
  params.range.start = { line = finding.lnum, character = finding.col }
  params.range["end"] = params.range.start
  params.context = { diagnostics = { finding.user_data.lsp }, only = { "quickfix" } }
  local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 60000) or {}
  local titles = {}
  for _, answer in pairs(answers) do
    for _, found in ipairs(answer.result or {}) do
      table.insert(titles, found.title)
      if found.title:find(title, 1, true) then
        return found
      end
    end
  end
  fail("no action " .. title .. " among " .. table.concat(titles, ", "))
end

local id = vim.lsp.start_client({ name = "djudge", cmd = { vim.env.DJUDGE, "server" }, root_dir = vim.fn.getcwd() })
vim.lsp.buf_attach_client(0, id)
wait_for("forwarded-proto-not-sent")

local finding = vim.diagnostic.get(0)[1]
local chosen = action(finding, vim.env.DJUDGE_ACTION or "Silence forwarded-proto-not-sent")
vim.lsp.util.apply_workspace_edit(chosen.edit, "utf-16")
vim.cmd("write")
wait_for("")

vim.lsp.stop_client(id)
local gone = vim.wait(60000, function() return vim.lsp.client_is_stopped(id) end, 20)
if not gone then
  fail("the server does not end")
end
vim.cmd("quitall!")
