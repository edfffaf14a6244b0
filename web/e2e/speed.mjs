// Measures the page with many open tasks: `make speed`, or TASKS=2000 node e2e/speed.mjs. It says what stands in
// docs/decisions/0030: what is transferred, when something is to be seen, and how long anything takes to answer.
import { open } from './house.mjs'

const many = Number(process.env.TASKS ?? 10_000)
const lanes = {
  desk: { who: 'chen', viewport: { width: 1280, height: 860 }, slow: 1 },
  telephone: { who: 'huang', viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, slow: 4 },
}

const house = await open()
try {
  for (const [name, lane] of Object.entries(lanes)) {
    const person = await house.person(lane.who, lane)
    if (lane === lanes.desk) await begin(person.page, many)
    console.log(`\n${name}, processor ${lane.slow} times slower${lane.slow > 1 ? ', 1.6 Mbit/s, 150 ms' : ''}`)
    await arrival(person.page, lane)
    await scrolled(person.page)
    await answered(person.page)
  }
} finally {
  await house.close()
}

// begin starts cases until so many tasks are open, some of them at once.
async function begin(page, count) {
  const cookie = (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ')
  const address = new URL('/api/v1/procedures/complaint/cases', page.url())
  let next = 0
  await Promise.all(Array.from({ length: 24 }, async () => {
    while (next < count) {
      const values = { resident: { name: '陳先生' }, matter: { channel: 'call', what: `漏水 ${next++}` } }
      const answer = await fetch(address, {
        method: 'POST', headers: { cookie, 'content-type': 'application/json' }, body: JSON.stringify({ values }),
      })
      if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
    }
  }))
}

// arrival loads the page as if for the first time.
async function arrival(page, lane) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true })
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: lane.slow })
  if (lane.slow > 1) {
    await cdp.send('Network.emulateNetworkConditions',
      { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 100_000 })
  }
  let bytes = 0
  let requests = 0
  cdp.on('Network.loadingFinished', (e) => {
    bytes += e.encodedDataLength
    requests++
  })
  await page.reload({ waitUntil: 'commit' })
  await page.locator('.task').first().waitFor()
  const shown = await page.evaluate(() => performance.now())
  const paints = await page.evaluate(() => performance.getEntriesByType('paint').map((e) => [e.name, e.startTime]))
  for (const [what, at] of paints) say(what, `${at.toFixed(0)} ms`)
  say('inbox shown', `${shown.toFixed(0)} ms`)
  say('transferred until then', `${(bytes / 1000).toFixed(0)} kB in ${requests} requests`)
  await cdp.send('Network.emulateNetworkConditions',
    { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
}

// scrolled goes from end to end as fast as the list comes.
async function scrolled(page) {
  const frames = await page.evaluate(() => new Promise((done) => {
    const frames = []
    let last = performance.now()
    let still = 0
    function frame() {
      const now = performance.now()
      frames.push(now - last)
      last = now
      const before = scrollY
      scrollBy(0, 1600)
      still = scrollY === before ? still + 1 : 0
      if (still > 60) done(frames.slice(0, -60))
      else requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  }))
  const rows = await page.locator('.tasks > li').last().getAttribute('aria-posinset')
  frames.sort((a, b) => a - b)
  const at = (part) => `${frames[Math.min(frames.length - 1, Math.floor(frames.length * part))].toFixed(0)} ms`
  say(`scrolled through ${rows}`,
    `${frames.length} frames: half in ${at(0.5)}, 99 of 100 in ${at(0.99)}, the longest ${at(1)}`)
}

// answered filters, searches, and opens a task.
async function answered(page) {
  await page.evaluate(() => {
    scrollTo(0, 0)
    window.delays = []
    new PerformanceObserver((list) => {
      for (const e of list.getEntries()) if (e.interactionId) window.delays.push([e.name, e.duration])
    }).observe({ type: 'event', durationThreshold: 16 })
  })
  await page.locator('.task').first().waitFor()
  const timed = async (what, act, until) => {
    const from = Date.now()
    await act()
    await until()
    say(what, `${Date.now() - from} ms`)
  }
  const chips = page.locator('.filters .chip')
  await timed('another filter', () => chips.nth(1).click(), () => page.locator('.empty, .task').first().waitFor())
  await timed('and back', () => chips.nth(0).click(), () => page.locator('.task').first().waitFor())
  const search = page.getByRole('searchbox')
  const number = await page.locator('.task .number').nth(5).innerText()
  const alone = (n) => {
    const [first, ...others] = document.querySelectorAll('.task .number')
    return others.length === 0 && first?.innerText === n
  }
  await timed('a search', () => search.pressSequentially(number), () => page.waitForFunction(alone, number))
  await timed('a task opened', () => page.locator('.task').first().click(), () => page.locator('.answers').waitFor())
  const delays = await page.evaluate(() => window.delays)
  const [name, longest] = delays.sort((a, b) => b[1] - a[1])[0] ?? ['none', 0]
  say('the longest delay of an interaction', `${longest} ms (${name})`)
}

function say(what, figure) {
  console.log(`  ${what.padEnd(38)} ${figure}`)
}
