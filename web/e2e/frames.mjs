// The frames of a page that moves: how long each took, and in how many of them a row was missing where one should be.

// beginFrames begins to take them.
export async function beginFrames(page) {
  await page.evaluate(() => {
    const seen = { times: [], bare: 0, on: true }
    window.seen = seen
    const box = document.querySelector('.tasks')
    let [last, at] = [performance.now(), scrollY]
    function frame() {
      const now = performance.now()
      if (scrollY !== at) {
        seen.times.push(now - last)
        const rows = [...box.children].map((row) => row.getBoundingClientRect())
        const list = box.getBoundingClientRect()
        const above = Math.min(...rows.map((r) => r.top)) > Math.max(0, list.top) + 1
        const below = Math.max(...rows.map((r) => r.bottom)) < Math.min(innerHeight, list.bottom) - 1
        if (above || below) seen.bare++
      }
      last = now
      at = scrollY
      if (seen.on) requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
}

// endFrames says what they were.
export async function endFrames(page) {
  const { times, bare } = await page.evaluate(() => {
    window.seen.on = false
    return window.seen
  })
  times.sort((a, b) => a - b)
  const at = (part) => `${times[Math.min(times.length - 1, Math.floor(times.length * part))]?.toFixed(0)} ms`
  return `${times.length} frames: half in ${at(0.5)}, 99 of 100 in ${at(0.99)}, the longest ${at(1)}; ${bare} bare`
}
