import assert from 'node:assert/strict'
import { eventually, later, story, telephone, yard } from './house.mjs'

// Of each type of the language something that is wrong, and what is said of it in two languages. What is said in one
// alone is the office's own sentence.
const wrong = [
  ['代號', 'abc', '如 A12'],
  ['說明', '一二三四五六', '太長（至多 5 個字）', 'at most 5 characters'],
  ['電話', '12', '電話號碼，如 13800000000', 'a telephone number such as'],
  ['證件', '123', '15 或 18 位', '15 or 18 characters'],
  ['住址', '澳門', '太短（至少 6 個字）', 'at least 6 characters'],
  ['郵箱', 'chen', '電郵地址，如 ', 'an address such as'],
  ['顏色', '紅', '不能是紅'],
  ['崗位', '主管', '不能交主管'],
  ['工具', ['鋸', '銼'], '太多（至多 1 項）', 'too many: at most 1'],
  ['已說明', ['噪音'], '還缺：垃圾。', 'missing: 垃圾.'],
  ['別名', '', '太多（至多 1 項）', 'too many: at most 1'],
  ['同行', '', '太少（至少 2 項）', 'too few: at least 2'],
  ['同意', '否', '不同意則不必填'],
  ['件數', '0', '太小（至少 1）', 'too small: at least 1'],
  ['重量', '1.25', '小數位太多（至多 1 位）', 'decimals: at most 1'],
  ['時間', later(1, '10:00'), '不能在以後'],
  ['日期', '2026-02-01', '最晚 2026-01-31', '2026-01-31 at the latest'],
  ['月份', '2026-02', '最晚 2026-01', '2026-01 at the latest'],
  ['需時', '5', '太短（至少 30分鐘）', 'too short: at least 30 min'],
  ['寬限', '999999', '應為工作時間', 'want working time'],
  ['價錢', '-1', '太小（至少 0.00）', 'too small: at least 0.00'],
  ['帶路', '何志強', '何志強不帶路'],
  ['部門', '北區', '北區不收'],
  ['相片', '', '必填', 'Is required'],
  ['簽署', '', '必填', 'Is required'],
]

// drops a PDF on the field for files, filled up to a size.
async function drops(page, name, size = 0) {
  const dataTransfer = await page.evaluateHandle(([called, bytes]) => {
    const data = new DataTransfer()
    data.items.add(new File(['%PDF-1.4\n%%EOF\n', new Uint8Array(bytes)], called, { type: 'application/pdf' }))
    return data
  }, [name, size])
  await page.locator('.drop').dispatchEvent('drop', { dataTransfer })
}

// fillsWrongly: what is wrong is said beside each field, in the language of whoever fills it in.
async function fillsWrongly(chen) {
  const { page } = chen
  await page.goto(new URL('/start/fill/0', page.url()).href)
  await page.getByRole('heading', { level: 1, name: '試填' }).waitFor()
  const written = wrong.filter(([, value]) => value !== '')
  await chen.fills(Object.fromEntries(written.map(([title, value]) => [title, value])))
  const group = (name) => page.getByRole('group', { name })
  await group('別名').getByRole('textbox').fill('甲')
  await group('別名').getByRole('button', { name: '加一行' }).click()
  await group('別名').getByRole('textbox').last().fill('乙')
  await group('同行').getByRole('combobox').selectOption({ label: '何志強' })

  // All but what is not there yet is said as soon as the field is left.
  const said = () => page.locator('.entry').evaluateAll((entries) => entries.map((e) =>
    [e.querySelector('legend, label').innerText, e.querySelector('.fault')?.innerText ?? '']))
  const says = (expected) => eventually(async () => {
    const faults = new Map(await said())
    assert.deepEqual(expected.filter(([title, text]) => !faults.get(title)?.includes(text)), [], [...faults].join('\n'))
  })
  await says(wrong.filter(([, , hant]) => !/必填|還缺|太少/.test(hant)).map(([title, , hant]) => [title, hant]))
  await drops(page, 'plan.pdf', (10 << 20) + 1)
  await says([['文件', '「plan.pdf」太大：檔案至多 10 MB。']])
  for (const one of chen.complaints.splice(0)) assert.match(one, /413/)
  await page.getByRole('button', { name: '送出' }).click()
  await says(wrong.map(([title, , hant]) => [title, hant]))

  // What was filled in is there in the other language, too.
  await page.evaluate(() => localStorage.setItem('guicheng.language', 'en'))
  await page.reload()
  await page.getByRole('button', { name: 'Submit' }).click()
  await says(wrong.map(([title, , hant, en]) => [title, en ?? hant]))
  await chen.shot('form-wrong')
  await page.evaluate(() => localStorage.setItem('guicheng.language', 'zh-Hant'))
}

story('a form says what would be right, waits with its reproaches, and takes photographs and files', async (house) => {
  const chen = await house.person('chen', telephone)
  const { page } = chen
  await fillsWrongly(chen)
  await page.goto(new URL('/start', page.url()).href)
  await page.getByRole('main').getByRole('link', { name: '巡查' }).click()
  await page.getByRole('heading', { level: 1, name: '巡查' }).waitFor()

  const fault = (title) => page.locator('.entry', { has: page.getByLabel(title) }).locator('.fault')

  // A field that comes after a send in vain is not reproached before it is left.
  await chen.fills({ 緊急: '否' })
  await page.getByRole('button', { name: '送出' }).click()
  await fault('地點').waitFor()
  await chen.fills({ 緊急: '是' })
  await page.getByLabel('緊急原因').waitFor()
  assert.equal(await fault('緊急原因').count(), 0)
  await page.getByLabel('緊急原因').focus()
  await page.getByLabel('緊急原因').blur()
  await fault('緊急原因').filter({ hasText: '必填' }).waitFor()
  await chen.looks('form-faults')

  // What is no photograph is refused by its name; one from the camera and a file that is dropped are taken.
  const photo = page.getByLabel('現場相片')
  await photo.setInputFiles({ name: 'tool.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') })
  await page.getByRole('alert').filter({ hasText: '「tool.exe」不能收' }).waitFor()
  const said = chen.complaints.splice(0)
  for (const one of said) assert.match(one, /415/)
  await chen.fills({ 現場相片: 'photo' })
  await page.locator('.photo img').waitFor()
  await drops(page, 'plan.pdf')
  await page.getByRole('link', { name: 'plan.pdf' }).waitFor()
  await chen.fills({ 地點: '碼頭', 緊急原因: '漏水', 巡查點: [{ 名稱: '東門' }] })
  await chen.looks('form-filled')
  await chen.presses('送出')
  await page.getByRole('link', { name: '附件' }).waitFor()
  await page.getByRole('link', { name: '現場相片' }).last().waitFor()
}, yard)

story('one more row is added while the others are done, and the rest is ended early', async (house) => {
  const chen = await house.person('chen', telephone)
  const he = await house.person('he', telephone)
  await chen.starts('巡查', { 地點: '碼頭', 緊急: '否', 巡查點: [{ 名稱: '東門' }, { 名稱: '西門' }] })
  await chen.page.getByText('已完成 0／2').waitFor()
  await chen.page.getByRole('button', { name: '加一項' }).click()
  const dialog = chen.page.getByRole('dialog')
  await dialog.getByRole('button', { name: '加一項' }).click()
  await dialog.getByText('必填').waitFor()
  for (const one of chen.complaints.splice(0)) assert.match(one, /422/)
  await chen.looks('row-dialog')
  await chen.fills({ 名稱: '南門' }, dialog)
  await dialog.getByRole('button', { name: '加一項' }).click()
  await chen.page.getByText('已完成 0／3').waitFor()
  await he.row('逐點巡查').nth(2).waitFor()
  await he.does('逐點巡查', { 情況: '正常' })
  await chen.page.reload()
  await chen.page.getByText('已完成 1／3').waitFor()
  await chen.page.getByRole('button', { name: '提前結束' }).click()
  await dialog.getByText('還有 2 項未完成').waitFor()
  await chen.looks('row-finish')
  await dialog.getByRole('button', { name: '提前結束' }).click()
  await chen.page.getByText('覆核').filter({ visible: true }).first().waitFor()
  await he.inbox()
  await he.page.getByText('沒有待辦事項').waitFor()
}, yard)
