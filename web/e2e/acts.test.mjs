// What one may do with a task and a case beside completing it: each asks first, says what would come of it, and gives
// the focus back.
import assert from 'node:assert/strict'
import { asks, desk, eventually, story, telephone, yard } from './house.mjs'

// takes a task: what is nobody's yet can be done, but not given away.
async function takes(person, title) {
  await person.opens(title)
  await person.page.getByRole('button', { name: '接手', exact: true }).click()
  await person.isTold('已由您接手')
}

// keeps: what was written is there for whoever has the task now.
const keeps = (person, text) => eventually(async () =>
  assert.equal(await person.page.getByLabel('意見').inputValue(), text))

const begin = (person, ...spots) => person.starts('巡查', { 地點: '碼頭', 緊急: '否', 巡查點: spots.map((x) => ({ 名稱: x })) })

story('a task is given to another, prepared by another, taken back, and sent back', async (house) => {
  const chen = await house.person('chen', desk)
  const huang = await house.person('huang', telephone)
  const he = await house.person('he', telephone)
  const fang = await house.person('fang', desk)
  await begin(chen, '東門')
  await he.does('逐點巡查', { 情況: '正常' })

  // She writes something, and hands it over with it.
  await takes(chen, '覆核')
  await chen.fills({ 意見: '初稿' })
  await chen.page.getByText('草稿已自動儲存').waitFor()
  let dialog = await asks(chen, '轉辦', 'transfer')
  await dialog.getByLabel('交給誰').selectOption('huang')
  await dialog.getByLabel('備註').fill('請接手')
  await dialog.getByRole('button', { name: '轉辦' }).click()
  await chen.isTold('已轉辦')
  await huang.opens('覆核')
  await keeps(huang, '初稿')

  // She lets the first one prepare it, and decides herself.
  dialog = await asks(huang, '委派', 'delegate')
  await dialog.getByLabel('交給誰').selectOption('chen')
  await dialog.getByRole('button', { name: '委派' }).click()
  await huang.isTold('已委派')
  await chen.does('覆核', { 意見: '備妥' })
  await huang.opens('覆核')
  await huang.page.getByText('陳美玲建議').waitFor()
  await keeps(huang, '備妥')
  await huang.presses(/^完成/)

  // She takes back what she has done: what would come of it is shown first.
  await fang.row('主管簽署').waitFor()
  await huang.page.goto(new URL('/cases/XC0001', huang.page.url()).href)
  dialog = await asks(huang, '撤回「覆核」', 'recall')
  await dialog.getByText('會收回的步驟').waitFor()
  await dialog.getByRole('button', { name: '撤回「覆核」' }).click()
  await fang.row('主管簽署').waitFor({ state: 'detached' })
  await huang.does('覆核', { 意見: '再看過' })

  // The chief sends it back; a word from outside calls it back once more.
  await takes(fang, '主管簽署')
  dialog = await asks(fang, '退回', 'return')
  await dialog.getByLabel('覆核').check()
  await dialog.getByText('會作廢的工作').waitFor()
  await dialog.getByLabel('原因').fill('不清楚')
  await dialog.getByRole('button', { name: '退回' }).click()
  await fang.isTold('已退回')
  await huang.does('覆核', { 意見: '寫清楚了' })
  await fang.row('主管簽署').waitFor()
  await chen.page.goto(new URL('/cases/XC0001', chen.page.url()).href)
  dialog = await asks(chen, '補充消息', 'message')
  await chen.fills({ 消息: '西門也要看' }, dialog)
  await dialog.getByRole('button', { name: '送出' }).click()
  await dialog.getByText('會收回的步驟').waitFor() // it takes something back, and asks once more
  await dialog.getByRole('button', { name: '確定送出' }).click()
  await fang.row('主管簽署').waitFor({ state: 'detached' })
  await huang.opens('覆核')
  await huang.page.getByText('西門也要看').first().waitFor()

  // Whoever began the case ends it.
  await chen.page.reload()
  dialog = await asks(chen, '撤銷案件', 'revoke')
  await dialog.getByText('案件就此結束').waitFor()
  await dialog.getByLabel('原因').fill('改期')
  await dialog.getByRole('button', { name: '撤銷案件' }).click()
  await chen.page.getByText('已撤銷').first().waitFor()
}, yard)

story('others sign before and after; a signature by finger', async (house) => {
  const chen = await house.person('chen', desk)
  const he = await house.person('he', telephone)
  const fang = await house.person('fang', telephone)
  const su = await house.person('su', telephone)
  await begin(chen, '東門')
  await he.does('逐點巡查', { 情況: '正常' })
  await chen.does('覆核', { 意見: '可以' })
  await takes(fang, '主管簽署')
  for (const [button, whom] of [['之後加簽', '蘇副主任'], ['之前加簽', '何志強']]) {
    const dialog = await asks(fang, button, button === '之前加簽' ? 'sign-before' : 'sign-after')
    await dialog.getByLabel(new RegExp(whom)).check()
    await dialog.getByRole('button', { name: button }).click()
    await fang.isTold('已加簽')
  }
  // It waits for him, and says so; it is not over.
  await fang.page.getByText('先請的人還沒有答復完', { exact: false }).first().waitFor()
  await fang.looks('signers')
  assert.equal(await fang.page.getByText('已有人處理', { exact: false }).count(), 0)
  await fang.page.getByRole('button', { name: '同意', exact: true }).and(fang.page.locator(':disabled')).waitFor()
  await he.does('主管簽署', {}, '同意')
  await fang.does('主管簽署', { 簽名: 'sign' }, '同意')
  await su.does('主管簽署', {}, '同意')
  await chen.page.goto(new URL('/cases/XC0001', chen.page.url()).href)
  await chen.page.getByText('已完成').first().waitFor()
}, yard)

story('two answer at once; nothing moves under the pointer; what was written outlives its window', async (house) => {
  const chen = await house.person('chen', desk)
  const he = await house.person('he', telephone)
  const huang = await house.person('huang', desk)
  await begin(chen, '東門', '西門', '南門')

  // He writes, his window is gone, he opens it again.
  await he.opens('逐點巡查')
  await he.fills({ 情況: '門鎖壞了' })
  await he.page.getByText('草稿已自動儲存').waitFor()
  const address = he.page.url()
  const again = await he.page.context().newPage()
  await he.page.close()
  await again.goto(address)
  await again.waitForFunction(() => document.querySelector('textarea')?.value === '門鎖壞了')

  // What another has done meanwhile is refused to whoever was not told of it in time.
  const luo = await house.person('luo', desk)
  await luo.page.waitForFunction(() => document.querySelectorAll('.task').length === 2) // the third is his
  await begin(huang, '北門')
  await luo.page.waitForFunction(() => document.querySelectorAll('.task').length === 3)
  const rows = luo.page.locator('.tasks li')
  const last = rows.last()
  const box = await last.boundingBox()
  await luo.page.mouse.move(box.x + 50, box.y + 20)
  const second = await luo.page.context().newPage()
  await second.goto(new URL(await rows.first().locator('a').getAttribute('href'), luo.page.url()).href)
  await second.getByLabel('情況').fill('正常')
  await luo.page.bringToFront() // the pointer of a page that lies behind another comes through once a second
  let rests = false
  const moves = (async () => {
    for (let turn = 0; !rests; turn++) await luo.page.mouse.move(box.x + 50 + (turn % 9), box.y + 20)
  })()
  moves.catch(() => {}) // what is wrong is told below
  await second.locator('.answers .button').first().evaluate((button) => button.click())
  await luo.page.locator('.task.gone').waitFor()
  await second.getByRole('status').filter({ hasText: '已完成' }).waitFor()
  assert.deepEqual(await last.boundingBox(), box)
  rests = true
  await moves
  await luo.page.waitForFunction(() => document.querySelectorAll('.task').length === 2) // once the pointer rests
}, yard)
