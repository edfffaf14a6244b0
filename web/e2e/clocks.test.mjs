import assert from 'node:assert/strict'
import { join } from 'node:path'
import { desk, eventually, later, story, telephone } from './house.mjs'

// lodge is an office whose one procedure has a task for each kind of time.
const lodge = {
  folder: join(import.meta.dirname, 'houses'),
  people: [
    { id: 'fang', name: '方主任', posts: ['chief'] }, { id: 'chen', name: '陳美玲', posts: ['desk'] },
    { id: 'he', name: '何志強', posts: ['guard'] },
  ],
}

const begin = (chen, kind, more = {}) => chen.starts('差事', { 名稱: kind, 時限: kind, ...more })

story('the inbox is in the order of time, overdue first, and what has none comes last', async (house) => {
  const chen = await house.person('chen', desk)
  const he = await house.person('he', telephone)
  for (const kind of ['沒有', '三小時', '改派', '整段', '一小時收回', '上報', '等回覆']) await begin(chen, kind)
  await begin(chen, '已過', { 限期: later(-1, '09:00') })

  const titles = () => he.page.locator('.tasks .what b').allInnerTexts()
  const order = ['已逾期', '回覆', '一小時收回', '段中', '會改派', '限三小時', '無限期', '會上報']
  await eventually(async () => assert.deepEqual(await titles(), order))
  await he.looks('clocks')
  const says = async (title, text) => assert.match(await he.row(title).locator('.due').innerText(), text)
  await says('已逾期', /^逾期 /)
  await says('回覆', /^(49|50) 分鐘後收回$/)
  await says('段中', /^1 小時 (29|30) 分後收回$/)
  await says('限三小時', /^剩 (2 小時 59 分|3 小時)$/)
  await says('無限期', /前$/)

  // What is narrowed down is in the same order.
  await chen.go('收件匣')
  await he.page.getByRole('searchbox').fill('C00')
  await he.page.waitForURL(/find=C00/)
  await eventually(async () => assert.deepEqual(await titles(), order))
}, lodge)

story('a task says who gets it when time is up, before it is', async (house) => {
  const chen = await house.person('chen', desk)
  const he = await house.person('he', telephone)
  for (const kind of ['上報', '改派', '一小時收回', '等回覆']) await begin(chen, kind)
  const clock = he.page.locator('.clock')
  const says = async (title, text) => {
    await he.opens(title)
    await clock.filter({ hasText: text }).waitFor()
  }
  await says('會上報', /\d\d:\d\d 前未辦，主管也可以辦/)
  await he.looks('clock-called')
  await says('會改派', /\d\d:\d\d 前未辦，改由主管辦理/)
  assert.equal(await clock.getByText('收回', { exact: false }).count(), 1) // said once
  await says('一小時收回', /\d\d:\d\d 前未辦，轉「主管代辦」/)
  await he.looks('clock-taken')
  await says('回覆', /\d\d:\d\d 前未辦，轉「主管代辦」/)
  await he.looks('clock-race')
  await he.fills({ 說明: '在看' }) // whoever begins it first keeps it
  await clock.filter({ hasNotText: '收回' }).waitFor()
  await he.presses('完成')
}, lodge)

story('a time that is now goes on until somebody writes another, and a draft does not hold it', async (house) => {
  const chen = await house.person('chen', desk)
  const he = await house.person('he', telephone)
  await begin(chen, '沒有')
  await he.row('無限期').waitFor()
  await he.page.clock.install()
  await he.opens('無限期')
  const seen = he.page.getByLabel('看見時間')
  const minutes = async () => Date.parse(`${await seen.inputValue()}Z`) / 60_000
  const first = await minutes()
  await he.page.clock.runFor(3 * 60_000)
  assert.equal(await minutes(), first + 3)
  await he.page.getByLabel('說明').fill('門外有人')
  await he.page.clock.runFor(5_000)
  await he.page.getByText('草稿已自動儲存').waitFor()
  await he.page.reload()
  await eventually(async () => assert.equal(await he.page.getByLabel('說明').inputValue(), '門外有人'))
  const again = await minutes()
  await he.page.clock.runFor(2 * 60_000)
  assert.equal(await minutes(), again + 2)

  // What somebody writes stays.
  await seen.fill(later(-1, '08:30'))
  await seen.blur()
  const written = await seen.inputValue()
  await he.page.clock.runFor(2 * 60_000)
  assert.equal(await seen.inputValue(), written)
  await he.looks('now-written')
}, lodge)
