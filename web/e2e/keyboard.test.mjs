import assert from 'node:assert/strict'
import { desk, eventually, story } from './house.mjs'

// Whoever only has a keyboard: nothing below touches a mouse, and nothing is reached but by keys.
class Hands {
  constructor(person) {
    this.page = person.page
  }

  // focused is what has the focus, as a screen reader would name it.
  focused() {
    return this.page.evaluate(() => {
      const e = document.activeElement
      const labels = [...(e.labels ?? [])].map((l) => l.innerText)
      const group = e.type === 'radio' ? e.closest('fieldset')?.querySelector('legend')?.innerText : ''
      return [group, e.getAttribute('aria-label'), ...labels, e.innerText].filter(Boolean).join(' ').trim()
    })
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  // tabs to what is called so; the focus is seen wherever it goes.
  async tabTo(name) {
    const passed = []
    for (let i = 0; i < 60; i++) {
      const at = await this.focused()
      if (at.includes(name)) return
      passed.push(at)
      await this.press('Tab')
    }
    assert.fail(`Tab does not lead to ${name}, but to ${passed.join(' | ')}`)
  }

  // choose goes to the next list to choose from, and down in it.
  async choose(option) {
    await this.page.locator('select').last().waitFor()
    const at = (what) => this.page.evaluate((w) => {
      const e = document.activeElement
      return w === 'tag' ? e.tagName : e.selectedOptions[0]?.text
    }, what)
    for (let i = 0; i < 10 && await at('tag') !== 'SELECT'; i++) await this.press('Tab')
    for (let i = 0; i < 30 && await at('option') !== option; i++) await this.press('ArrowDown')
    assert.equal(await at('option'), option)
  }

  // next goes down in the inbox, to what is called so.
  async next(title) {
    await this.press('j')
    await this.page.waitForFunction((t) => document.activeElement.matches('[data-index]') &&
      document.activeElement.innerText.includes(t), title)
  }

  async heading(name) {
    await this.page.getByRole('heading', { level: 1, name }).waitFor()
  }
}

story('a visitor is turned away by the keyboard alone', async (house) => {
  const gate = await house.person('he', desk)
  const front = await house.person('chen', desk)
  const he = new Hands(gate)
  const chen = new Hands(front)

  await he.press('n')
  await he.heading('發起')
  await he.tabTo('來訪人士接待')
  await he.press('Enter')
  await he.heading('來訪人士接待')
  await he.tabTo('類別')
  await he.press('Space')
  await he.tabTo('姓名或單位名稱')
  await he.page.keyboard.type('推銷員')
  await he.tabTo('受訪者類別')
  await he.press('ArrowDown', 'ArrowUp', 'Space')
  await he.choose('財務部')
  await he.press('Tab', 'Control+Enter')
  await he.page.waitForURL(/\/cases\//)

  await front.row('詢問有關部門是否有約').waitFor()
  await chen.next('詢問有關部門是否有約')
  await chen.press('Enter')
  await chen.heading('詢問有關部門是否有約')
  await front.looks('keyboard-task')
  await chen.press('Control+Enter') // two answers: it goes to them, and does not choose
  await eventually(async () => assert.match(await chen.focused(), /有約/))
  await chen.press('Tab')
  await eventually(async () => assert.match(await chen.focused(), /無約/))
  await chen.press('Enter')
  await front.page.waitForURL((url) => url.pathname === '/')

  await he.press('i')
  await he.heading('收件匣')
  await gate.row('婉拒').waitFor()
  await he.next('婉拒')
  await he.press('Enter')
  await he.heading('婉拒')
  await he.press('Control+Enter')
  await gate.page.waitForURL((url) => url.pathname === '/')
  await he.press('c')
  await he.heading('我的案件')
  await he.tabTo('LF')
  await he.press('Enter')
  await gate.page.getByText('未放行').first().waitFor()
  await he.press('?')
  await gate.page.getByRole('dialog').waitFor()
  await gate.looks('keyboard-help')
  await he.press('Escape')
})
