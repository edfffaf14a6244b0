import assert from 'node:assert/strict'
import { desk, later, story, telephone } from './house.mjs'

story('a complaint is settled by a visit at home', async (house) => {
  // Everybody arrives a quarter of an hour early at most; here the visit of tomorrow is made today.
  const ma = await house.person('ma', desk)
  const setting = new URL('/api/v1/procedures/home-visit/settings/early', ma.page.url()).href
  const early = await ma.page.request.put(setting, { data: { value: '2d' } })
  assert.equal(early.status(), 200)
  const chen = await house.person('chen', desk)
  const huang = await house.person('huang', telephone)
  const li = await house.person('li', desk)
  const liang = await house.person('liang', telephone)
  const zhou = await house.person('zhou', telephone)

  await chen.starts('業戶投訴處理', {
    業戶: { 姓名: '陳先生', 單元號: 'A12-0803' },
    反映之問題: { 投訴方式: '電話', 問題: '廚房水管漏水，地板發霉' },
  })
  await chen.does('向業戶複述並確認問題', {}, '業戶確認無誤')
  await chen.opens('填寫投訴處理表')
  await chen.fills({ 反映之問題: { 屬於: '本管理處' } })
  await chen.looks('form')
  await chen.does('填寫投訴處理表', {
    反映之問題: { 需處理之部門: ['機電部', '環境部'], 需入屋: '是', 要求在確定時間到場: '否' },
  })
  await chen.does('填寫維修通知單', { 維修通知單: { 維修項目: '換水管', 地點: '廚房', 跟進之客服員: '黃嘉欣' } })
  await li.does('主管簽署維修通知單', { 維修通知單: { 派客服員到場跟進: '是' } }, '簽署')
  await liang.does('機電部安排人手', { 維修通知單: { 維修人員: '梁振邦' } }, '可即時到場')

  // The visit is a case of its own: the one that waits for it leads there, says who has it, and back.
  await chen.go('我的案件')
  const theirs = () => chen.page.getByRole('link', { name: /SM\d+-001/ })
  await chen.page.getByRole('listitem').filter({ has: theirs() }).last().getByText(/核對姓名讀音\s+客服部/).waitFor()
  await chen.page.getByRole('main').getByRole('link', { name: /TS\d+-001/ }).click()
  await chen.page.locator('.standing').filter({ has: theirs() }).waitFor()
  await chen.looks('case-waits')
  const beside = await chen.page.context().newPage() // what happens in the visit is told to who looks at the complaint
  await beside.goto(chen.page.url())
  await beside.locator('.standing').getByText(/核對姓名讀音/).waitFor()
  await theirs().click()
  await chen.page.getByRole('link', { name: /由案件 TS\d+-001 另開/ }).waitFor()
  await chen.does('核對姓名讀音', { 姓名讀音: { 確定讀音: '是' } })
  await beside.locator('.standing').getByText(/致電業戶約定時間/).waitFor()
  await beside.close()
  await chen.does('致電業戶約定時間', { 約定時間記錄: { 約定時間: later(1, '10:00'), 原因: '首次預約' } })
  await chen.does('熟悉工作內容、耗時及注意事項', { 工作: { 工作內容: '換水管、除霉', 耗時: '40', 注意事項: '先關總閘' } })
  for (const party of [liang, zhou]) {
    await party.does('各部門確認能否準時', { 同行人員: { 能按時到場: '是' } })
  }
  await zhou.looks('task-done')
  for (const party of [liang, zhou]) await party.does('前往業戶家，各部門到場', { 同行人員: { 到場時間: 'now' } })
  await huang.does('客服員點齊人員')
  await huang.does('默念業戶姓名')
  await huang.does('按門鈴一次')
  await huang.does('等候開門', {}, '已開門')
  await huang.does('向業戶打招呼並介紹工作')
  for (const party of [liang, zhou]) await party.does('各部門工作')
  await huang.opens('全程陪同並簽入屋守則')
  await huang.fills({
    入屋守則: ['不主動攀談工作以外之問題，業戶詢問時有禮有分寸', '對業戶言行不作嘲笑或不禮貌之舉動', '不利用業戶家中物件作工具',
      '不隨意搬動業戶物品', '不坐不倚，業戶邀請坐下亦婉謝', '不獨自在非工作區閒逛'],
  })
  await huang.looks('checklist')
  await huang.does('全程陪同並簽入屋守則')
  await huang.opens('請業戶當場驗收')
  await huang.fills({ 驗收: { 業戶簽名: 'sign' } })
  await huang.looks('signed')
  await huang.does('請業戶當場驗收', {}, '滿意')

  // Both sign; then the resident is answered.
  await liang.does('維修人員與跟進客服員簽名', {}, '確認')
  await huang.does('維修人員與跟進客服員簽名', {}, '確認')
  await huang.page.getByRole('heading', { level: 1, name: '答復業戶' }).waitFor() // she might answer, too
  await huang.go('收件匣')
  await chen.does('答復業戶', { 答復業戶內容: '水管已換，霉已除' })
  await chen.go('我的案件')
  await chen.page.getByRole('main').getByRole('link', { name: /TS\d+-001/ }).click()
  await chen.page.getByText('已解決').first().waitFor()
  const picture = chen.page.getByRole('region', { name: '流程圖' }).locator('svg')
  await picture.locator('#step-both-sign.done').waitFor()
  await picture.locator('#end-settled.done').waitFor()
  await chen.page.getByText('維修人員與跟進客服員簽名').filter({ visible: true }).first().waitFor() // the story
  for (const why of await chen.page.getByText('為甚麼？').all()) await why.click()
  await chen.page.getByText('需處理之部門含機電部').filter({ visible: true }).first().waitFor() // why it went there, in words
  const opened = chen.page.waitForEvent('popup')
  await chen.page.getByRole('link', { name: '維修通知單' }).click()
  const paper = await opened
  await paper.getByText('換水管').first().waitFor()
  assert.deepEqual(chen.complaints, [])
  await paper.close()
  await chen.looks('case-settled')
})
