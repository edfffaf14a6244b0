// What the browser tests stand on: a server of their own on a fresh embedded store, a real browser, and people who each
// have windows of their own. Whatever a browser complains about while a test runs makes the test fail.
import AxeBuilder from '@axe-core/playwright'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'

const guicheng = resolve(import.meta.dirname, process.env.GUICHENG ?? '../../bin/guicheng')
const browserPath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync)
const shots = process.env.SCREENSHOTS // a folder; none: no pictures are kept

export const desk = { viewport: { width: 1280, height: 860 } }
export const telephone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }

// yard is an office of these tests: what the demo's procedures do not ask for.
export const yard = {
  folder: join(import.meta.dirname, 'offices'),
  people: [
    { id: 'fang', name: '方主任', posts: ['chief'] }, { id: 'su', name: '蘇副主任', posts: ['chief'] },
    { id: 'chen', name: '陳美玲', posts: ['desk'] }, { id: 'huang', name: '黃嘉欣', posts: ['desk'] },
    { id: 'he', name: '何志強', posts: ['guard'] }, { id: 'luo', name: '羅偉', posts: ['guard'] },
  ],
}

// story is a test with a house of its own; office is a folder of definitions with people, instead of the demo's.
export function story(name, play, office) {
  test(name, { timeout: 240_000 }, async () => {
    const house = await open(office)
    try {
      await play(house)
      for (const person of house.people) await person.isContent()
    } catch (error) {
      await house.keepLast()
      throw error
    } finally {
      await house.close()
    }
  })
}

// open is a house: its server, its browser, and the people who enter it.
export async function open(office) {
  const folder = await mkdtemp(join(tmpdir(), 'guicheng-'))
  let server
  async function begin(address) {
    server = spawn(guicheng, ['serve', ...(office ? ['--definitions', office.folder] : ['--demo']),
      '--data', join(folder, 'data'), '--listen', address], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    await new Promise((done, failed) => {
      const hear = (text) => {
        said += text
        if (/listens on/.test(said)) done()
      }
      server.stdout.on('data', hear)
      server.stderr.on('data', hear)
      server.on('exit', (code) => failed(new Error(`the server ended with ${code}:\n${said}`)))
    })
    return said
  }
  async function end() {
    server.removeAllListeners('exit')
    const ended = new Promise((done) => server.on('exit', done))
    server.kill()
    await ended
  }
  const said = await begin('127.0.0.1:0')
  const links = await Promise.resolve(office ? settle(said, office.people) : linksIn(said)).catch(async (error) => {
    await end()
    throw error
  })
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] })
  const people = []
  return {
    people,
    links,
    async person(id, window = desk, locale = 'zh-TW') {
      const person = await enter(browser, links, id, window, locale)
      people.push(person)
      return person
    },
    async keepLast() {
      for (const p of people) await p.shot(`failed-${p.id}`, 'failed').catch(() => {})
    },
    end,
    // goesOn begins the server anew where it was, with what it keeps.
    goesOn: () => begin(new URL(Object.values(links)[0]).host),
    async close() {
      await browser.close()
      await end()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

// eventually tries until what is asserted holds; after a while what it fails with is told.
export async function eventually(holds, ms = 15_000) {
  const latest = Date.now() + ms
  for (;;) {
    try {
      return await holds()
    } catch (error) {
      if (Date.now() > latest) throw error
    }
    await sleep(100)
  }
}

// linksIn reads who may come in by which link: "he  何志強  大門崗保安員  http://…/sign-in/…".
function linksIn(said) {
  return Object.fromEntries([...said.matchAll(/^\s*(\w+)\s.*?(http\S+\/sign-in\/\S+)$/gm)].map((m) => [m[1], m[2]]))
}

// settle makes the people of an office that has none, the first of them its administrator, and gives their links.
async function settle(said, people) {
  const [, home] = /curl -b admin -c admin (\S+)\/api/.exec(said)
  const first = JSON.parse(/-d '(.*)'/.exec(said)[1])
  let cookie = ''
  const call = async (method, path, body) => {
    const answer = await fetch(`${home}/api/v1${path}`, {
      method, headers: { cookie, 'content-type': 'application/json' }, body: JSON.stringify(body),
    })
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`)
    cookie ||= answer.headers.get('set-cookie').split(';')[0]
    return answer.json().catch(() => undefined)
  }
  const [admin] = people
  await call('POST', '/set-up', { ...first, id: admin.id, name: admin.name })
  const links = {}
  for (const { id, ...person } of people) {
    await call('PUT', `/people/${id}`, person)
    links[id] = (await call('POST', `/people/${id}/link`, {})).link
  }
  return links
}

async function enter(browser, links, id, window, locale) {
  assert.ok(links[id], `no link for ${id}`)
  const context = await browser.newContext({ ...window, locale, timezoneId: 'Asia/Macau' })
  context.setDefaultTimeout(15_000)
  await context.addInitScript(() => {
    crypto.randomUUID = undefined // as where an office serves its network by plain HTTP
    addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`))
  })
  const page = await context.newPage()
  const person = new Person(id, page, window)
  page.on('console', (m) => m.type() === 'error' && person.complaints.push(m.text()))
  page.on('response', (r) => {
    if (r.status() >= 400) person.complaints.push(`${r.status()} ${r.request().method()} ${r.url()}`)
  })
  page.on('pageerror', (error) => person.complaints.push(String(error)))
  await page.goto(links[id])
  await page.locator('h1').first().waitFor()
  await page.waitForURL((url) => url.pathname === '/')
  return person
}

// named matches the title of a field, also of one that may be left empty.
const named = (title) => new RegExp(`^${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(\\s*[（(].*[)）])?$`)

// dot is a picture of one pixel.
const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGA' +
  'hKmMIQAAAABJRU5ErkJggg==', 'base64')

// later is a time of the day in some days, as a field for moments takes it.
export function later(days, time) {
  const day = new Date(Date.now() + days * 86_400_000 + 8 * 3_600_000)
  return `${day.toISOString().slice(0, 10)}T${time}`
}

// asks presses a button that asks first; the dialog is looked at, and may be left by the keyboard.
export async function asks(person, button, name) {
  const opener = person.page.getByRole('button', { name: button, exact: true })
  const dialog = person.page.getByRole('dialog')
  await opener.click()
  await dialog.waitFor()
  await person.page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await person.page.waitForFunction((said) => document.activeElement.innerText === said, button) // the focus is back
  await opener.click()
  await person.looks(name)
  return dialog
}

const writable = 'input:not([type=radio]):not([type=checkbox]), select, textarea'

// Person is somebody in front of a window of their own.
export class Person {
  complaints = []

  constructor(id, page, window) {
    this.id = id
    this.page = page
    this.mobile = window.isMobile === true
  }

  // isContent: the browser has complained about nothing.
  async isContent() {
    assert.deepEqual(this.complaints, [], `the browser of ${this.id} complains`)
  }

  // isTold: a word of it at the edge of the page, and the dialog in which it was asked for is gone.
  async isTold(text) {
    await this.page.getByRole('status').filter({ hasText: text }).waitFor()
    await this.page.getByRole('dialog').waitFor({ state: 'detached' })
  }

  // looks: axe finds nothing serious in what is shown, nothing sticks out at the side; a picture is kept on demand.
  async looks(name) {
    const diagram = this.page.locator('.diagram')
    if (await diagram.count() > 0) await diagram.locator('svg').waitFor()
    const axe = new AxeBuilder({ page: this.page }).setLegacyMode()
    const dialog = this.page.locator('dialog[open]')
    const found = await (await dialog.count() > 0 ? axe.include('dialog[open]') : axe).analyze() // it covers the rest
    const serious = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.html).slice(0, 3).join('\n  ')}`)
    assert.deepEqual(serious, [], `axe on ${name} of ${this.id}`)
    if (this.mobile) assert.deepEqual(await this.small(), [], `too small for a finger on ${name} of ${this.id}`)
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    assert.ok(wide <= 0, `${name} of ${this.id} is ${wide} pixels too wide`)
    await this.shot(name)
  }

  async inEachLanguage(play) {
    for (const language of ['en', 'zh-Hans', 'zh-Hant']) {
      await this.page.evaluate((id) => localStorage.setItem('guicheng.language', id), language)
      await this.page.reload()
      await play(language)
    }
  }

  // looksAtDialogs looks at every dialog that a part of the page offers, in each language.
  async looksAtDialogs(name, part = 'main') {
    const dialog = this.page.getByRole('dialog')
    await this.inEachLanguage(async () => {
      const openers = this.page.locator(part).locator('button[aria-haspopup=dialog]')
      await openers.first().waitFor()
      for (const opener of await openers.all()) {
        const title = (await opener.innerText()).replace(/\s+/g, ' ')
        await opener.click()
        await dialog.waitFor()
        await this.looks(`${name}-${title}`)
        await this.page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'detached' })
      }
    })
  }

  // standsAt: the diagram shows where the case stands: its box readable, in the middle of what is seen of the picture.
  async standsAt(step) {
    await this.page.locator(`.diagram #step-${step}:is(.open, .late)`).waitFor()
    const seen = await this.page.evaluate((id) => {
      const view = document.querySelector('.diagram')
      const middle = (r) => [r.left + r.width / 2, r.top + r.height / 2]
      const box = view.firstElementChild.shadowRoot.querySelector(`#${id} > .box`)
      const [x, y] = middle(box.getBoundingClientRect())
      const [left, top] = middle(view.getBoundingClientRect())
      const rest = [x < left ? view.scrollLeft : view.scrollWidth - view.clientWidth - view.scrollLeft,
        y < top ? view.scrollTop : view.scrollHeight - view.clientHeight - view.scrollTop]
      const letters = box.parentElement.querySelector('text')
      const scale = box.getBoundingClientRect().width / box.getBBox().width
      return { aside: [Math.min(Math.abs(x - left), rest[0]), Math.min(Math.abs(y - top), rest[1])],
        size: letters.getAttribute('font-size') * scale }
    }, `step-${step}`)
    assert.ok(seen.aside.every((n) => n < 3), `${step} is ${seen.aside} pixels aside of the middle, for ${this.id}`)
    assert.ok(seen.size >= 11, `${step} is written in ${seen.size} pixels, for ${this.id}`)
  }

  // small are the things to press that a fingertip covers: less than 44 pixels high or wide.
  small() {
    return this.page.evaluate(() => {
      const root = document.querySelector('dialog[open]') ?? document
      return [...root.querySelectorAll('a, button, summary, select, textarea, input, label.choice')]
        .filter((e) => e.checkVisibility() && !e.disabled && !e.closest('.hidden, .skip, label.choice input'))
        .filter((e) => !(e.tagName === 'INPUT' && e.closest('label')) && !e.matches('.skip, .hidden'))
        .map((e) => ({ e, box: e.getBoundingClientRect() }))
        .filter(({ box }) => Math.round(box.width) < 44 || Math.round(box.height) < 44)
        .map(({ e, box }) => `${Math.round(box.width)}x${Math.round(box.height)} ${e.outerHTML.slice(0, 120)}`)
    })
  }

  async shot(name, folder = '') {
    if (!shots) return
    await mkdir(join(shots, folder), { recursive: true })
    await this.page.screenshot({ path: join(shots, folder, `${name}${this.mobile ? '-telephone' : ''}.png`) })
  }

  // paper keeps what a printer would print.
  async paper(name) {
    const pdf = await this.page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true })
    assert.equal(pdf.subarray(0, 4).toString(), '%PDF')
    if (!shots) return
    await mkdir(shots, { recursive: true })
    await writeFile(join(shots, `${name}.pdf`), pdf)
  }

  // go opens one of the places of the menu.
  async go(title) {
    await this.page.getByRole('navigation').getByRole('link', { name: title }).first().click()
    await this.page.getByRole('heading', { level: 1, name: title }).waitFor()
  }

  // row is a task in the inbox. It comes by itself.
  row(title) {
    return this.page.getByRole('main').getByRole('link', { name: title })
  }

  async inbox() {
    if (new URL(this.page.url()).pathname !== '/') {
      await this.page.getByRole('navigation').first().getByRole('link').first().click()
    }
    await this.page.waitForURL((url) => url.pathname === '/')
  }

  // opens a task from the inbox; the one at hand is open already when the last act led to it.
  async opens(title) {
    const here = this.page.getByRole('heading', { level: 1, name: title })
    if (await here.isVisible()) return
    await this.inbox()
    await this.row(title).first().click()
    await here.waitFor()
  }

  // fills fields by their titles: a text, an option's title, a list of options, 'now', 'sign', 'photo', 'file'; in
  // { } those of a record or of a row that is there, in [{ }] rows of a table.
  async fills(values, within = this.page.getByRole('main')) {
    for (const [title, value] of Object.entries(values)) {
      const group = within.getByRole('group', { name: named(title) }).first()
      if (Array.isArray(value) && typeof value[0] === 'object') {
        await this.fillsRows(group, value)
        continue
      }
      if (typeof value === 'object' && !Array.isArray(value)) {
        await this.fills(value, group)
        continue
      }
      const field = within.getByLabel(named(title)).and(this.page.locator(writable)).first()
      await group.or(field).first().waitFor()
      if (await group.count() > 0) await this.picks(group, value)
      else await this.writes(field, value)
    }
  }

  async fillsRows(table, rows) {
    await table.waitFor()
    for (const [i, values] of rows.entries()) {
      const row = table.getByRole('group', { name: new RegExp(`\\b${i + 1}\\b`) }).first()
      if (await row.count() === 0) await table.getByRole('button', { name: /^＋/ }).last().click()
      await this.fills(values, row)
    }
  }

  async picks(group, value) {
    if (value === 'sign') return this.signs(group)
    for (const option of [value].flat()) {
      const by = { name: option, exact: true }
      const box = group.getByRole('radio', by).or(group.getByRole('checkbox', by))
      if (await box.count() > 0) await box.first().check()
      else await group.getByRole('textbox').first().fill(option)
    }
  }

  async writes(field, value) {
    const kind = await field.evaluate((e) => e.getAttribute('type') ?? e.tagName)
    if (kind === 'SELECT') await this.chooses(field, value)
    else if (kind === 'file') await this.attaches(field, value)
    else if (value === 'now') await field.locator('xpath=..').getByRole('button').click()
    else await field.fill(value)
    await field.blur()
  }

  // chooses the option that says so, alone or among other words.
  async chooses(field, value) {
    const id = await field.evaluate((e, said) =>
      ([...e.options].find((o) => o.text === said) ?? [...e.options].find((o) => o.text.includes(said)))?.value, value)
    assert.ok(id, `there is no ${value} to choose`)
    await field.selectOption(id)
  }

  async attaches(field, value) {
    const sent = this.page.waitForResponse((r) => r.url().includes('/files?') && r.request().method() === 'POST')
    await field.setInputFiles(value === 'photo'
      ? { name: 'photo.png', mimeType: 'image/png', buffer: dot }
      : { name: 'receipt.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') })
    assert.equal((await sent).status(), 201)
  }

  // signs with a finger, or what stands for one.
  async signs(group) {
    const pad = group.getByRole('img')
    await pad.scrollIntoViewIfNeeded()
    const box = await pad.boundingBox()
    const line = [[30, 0], [60, -20], [90, 20], [120, -10], [150, 5]]
      .map(([x, y]) => ({ x: box.x + x, y: box.y + box.height / 2 + y }))
    if (this.mobile) await this.strokes(line)
    else await this.drags(line)
    const sent = this.page.waitForResponse((r) => r.url().includes('/files') && r.request().method() === 'POST')
    await group.getByRole('button').first().click()
    await sent
    await group.locator('img').waitFor()
  }

  async drags([from, ...line]) {
    await this.page.mouse.move(from.x, from.y)
    await this.page.mouse.down()
    for (const { x, y } of line) await this.page.mouse.move(x, y)
    await this.page.mouse.up()
  }

  // strokes with a finger; the page stays where it is meanwhile.
  async strokes([from, ...line]) {
    const cdp = await this.page.context().newCDPSession(this.page)
    const top = await this.page.evaluate(() => scrollY)
    const touch = (type, ...touchPoints) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints })
    await touch('touchStart', from)
    for (const point of line) await touch('touchMove', point)
    await touch('touchEnd')
    await cdp.detach()
    assert.equal(await this.page.evaluate(() => scrollY), top)
  }

  // does the task at hand: fills in, and presses the button of the answer.
  async does(title, values = {}, answer = /^(完成|完成$|Complete|Done)/) {
    await this.opens(title)
    await this.fills(values)
    await this.presses(answer)
  }

  async presses(answer) {
    const before = this.page.url()
    const exact = typeof answer === 'string'
    const buttons = this.page.locator('.answers').getByRole('button', { name: answer, exact })
    await buttons.first().click()
    await this.page.waitForURL((url) => String(url) !== before).catch(async (error) => {
      const why = await this.page.locator('.fault, .note.bad').allInnerTexts()
      throw why.length > 0 ? new Error(`${this.id} is told: ${why.join('; ')}`) : error
    })
  }

  // starts a case; it gives the case's number.
  async starts(procedure, values, button = '送出', menu = '發起') {
    await this.go(menu)
    await this.page.getByRole('main').getByRole('link', { name: procedure }).click()
    await this.page.getByRole('heading', { level: 1, name: procedure }).waitFor()
    await this.fills(values)
    await this.presses(button)
  }
}
