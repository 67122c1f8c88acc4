-- Sends each request to one of N hosts, drawn at random: wrk ... -s hosts.lua URL -- N
local requests = {}

function init(arguments)
  math.randomseed(1)
  for i = 0, tonumber(arguments[1]) - 1 do
    requests[i + 1] = wrk.format("GET", nil, { Host = "h" .. i .. ".bench.test" })
  end
end

function request()
  return requests[math.random(#requests)]
end
