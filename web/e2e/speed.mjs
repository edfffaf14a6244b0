// Measures the page with many open tasks: `make speed`, or TASKS=2000 node e2e/speed.mjs. It says what stands in
// docs/decisions/0030: what is transferred, when something is to be seen, and how long anything takes to answer.
import { beginFrames, endFrames } from './frames.mjs'
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
    await moved(person.page, lane)
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
  await beginFrames(page)
  await page.evaluate(() => new Promise((done) => {
    let still = 0
    function frame() {
      const before = scrollY
      scrollBy(0, 1600)
      still = scrollY === before ? still + 1 : 0
      if (still > 60) done()
      else requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  }))
  const rows = await page.locator('.tasks > li').last().getAttribute('aria-posinset')
  say(`scrolled through ${rows}`, await endFrames(page))
}

// moved goes far down and up again as a person does: as by a wheel that is not let go, and on a telephone by a finger
// that draws again and again.
async function moved(page, lane) {
  await page.evaluate(() => scrollTo(0, 0))
  await page.waitForTimeout(1000)
  const cdp = await page.context().newCDPSession(page)
  const [x, y] = [lane.viewport.width / 2, lane.viewport.height / 2]
  for (const [what, way] of [['down', -1], ['up', 1]]) {
    await timedFrames(page, `wheeled ${what}`, () =>
      cdp.send('Input.synthesizeScrollGesture', { x, y, speed: 3000, yDistance: way * 20_000 }))
  }
  if (lane.hasTouch) await timedFrames(page, 'drawn down by a finger', () => draws(page, cdp, 12))
}

async function timedFrames(page, what, act) {
  const from = await page.evaluate(() => scrollY)
  await beginFrames(page)
  await act()
  await page.waitForTimeout(1000)
  const far = Math.abs(await page.evaluate(() => scrollY) - from)
  say(`${what} ${far.toFixed(0)} pixels`, await endFrames(page))
}

// draws moves a finger up the screen so many times, 3,000 pixels in a second. (A synthetic gesture by touch moves
// nothing in a Chromium without a screen.)
async function draws(page, cdp, times) {
  for (let i = 0; i < times; i++) {
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: 180, y: 640 }] })
    for (let y = 640; y >= 140; y -= 50) {
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: 180, y }] })
      await page.waitForTimeout(16)
    }
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    await page.waitForTimeout(200)
  }
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
