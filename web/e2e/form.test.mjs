import assert from 'node:assert/strict'
import { story, telephone, yard } from './house.mjs'

story('a form says what would be right, waits with its reproaches, and takes photographs and files', async (house) => {
  const chen = await house.person('chen', telephone)
  const { page } = chen
  await chen.go('發起')
  await page.getByRole('main').getByRole('link', { name: '巡查' }).click()
  await page.getByRole('heading', { level: 1, name: '巡查' }).waitFor()

  // Each wrong field says what would be right, as soon as it is left.
  const fault = (title) => page.locator('.entry', { has: page.getByLabel(title) }).locator('.fault')
  for (const [title, wrong, right] of [
    ['聯絡電話', '12', '電話號碼，如 13800000000'], ['電郵', 'chen', '電郵地址，如 '], ['身份證', '123', '15 或 18 位'],
  ]) {
    await chen.fills({ [title]: wrong })
    await fault(title).filter({ hasText: right }).waitFor()
    await chen.fills({ [title]: '' })
    await fault(title).waitFor({ state: 'detached' })
  }

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
  const dropped = await page.evaluateHandle(() => {
    const data = new DataTransfer()
    data.items.add(new File(['%PDF-1.4\n%%EOF\n'], 'plan.pdf', { type: 'application/pdf' }))
    return data
  })
  await page.locator('.drop').dispatchEvent('drop', { dataTransfer: dropped })
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
