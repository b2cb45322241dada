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

-- Chooses an action at the cursor, as a user does in the list that Neovim shows.
local function choose(title)
  local titles = {}
  local is_done = false
  vim.ui.select = function(items, options, on_choice)
    for number, item in ipairs(items) do
      local shown = options.format_item(item)
      table.insert(titles, shown)
      if shown:find(title, 1, true) then
        on_choice(item, number)
        is_done = true
        return
      end
    end
  end
  local before = vim.api.nvim_buf_get_changedtick(0)
  vim.lsp.buf.code_action()
  local function is_changed()
    return is_done and vim.api.nvim_buf_get_changedtick(0) > before
  end
  if not vim.wait(60000, is_changed, 20) then
    fail("no action " .. title .. " among " .. table.concat(titles, ", "))
  end
end

local config = { name = "djudge", cmd = { vim.env.DJUDGE, "server" }, root_dir = vim.fn.getcwd() }
-- Neovim 0.7 has no `vim.lsp.start`.
local id = (vim.lsp.start or vim.lsp.start_client)(config)
vim.lsp.buf_attach_client(0, id)
wait_for("forwarded-proto-not-sent")

local finding = vim.diagnostic.get(0)[1]
vim.api.nvim_win_set_cursor(0, { finding.lnum + 1, finding.col })
choose(vim.env.DJUDGE_ACTION)
vim.cmd("write")
wait_for("")

vim.lsp.stop_client(id)
local gone = vim.wait(60000, function() return vim.lsp.client_is_stopped(id) end, 20)
if not gone then
  fail("the server does not end")
end
vim.cmd("quitall!")
