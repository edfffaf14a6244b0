import { desk, later, story, telephone } from './house.mjs'

story('newspapers are ordered, approved, and cancelled', async (house) => {
  const chen = await house.person('chen', desk)
  const zhang = await house.person('zhang', telephone)
  const month = later(35, '').slice(0, 7)

  await chen.starts('報刊訂閱', {
    業戶: { 姓名: '陳先生', 單元號: 'A12-0803', 電話: '+853 6666 1234' },
    訂閱: { '期限(月)': '12', 起訂月份: month },
    報刊: [{ 報刊名稱: '人民日報', 份數: '1' }, { 報刊名稱: '讀者', 份數: '2' }],
  })
  await chen.does('確認所訂報刊及期限')
  await chen.opens('致電郵局或供應商查詢是否可訂及單價')
  await chen.page.getByRole('group', { name: '第 1 項：人民日報' }).waitFor() // which row is which
  await chen.fills({
    報刊: [
      { 可訂: '是', 供應單位: '郵局', 每月單價: '24.00' },
      { 可訂: '是', 供應單位: '郵局', 每月單價: '9.00' },
    ],
  })
  await chen.looks('table')
  await chen.does('致電郵局或供應商查詢是否可訂及單價')
  await chen.does('致電確認期限與費用，請業戶簽署確認信', {
    業戶確認: { 已說明退刊注意事項: ['郵局報刊可退訂', '其他供應點須預付，無法退訂', '退訂須簽署退訂通知'], '同意每月統一收費，業戶簽署': 'sign' },
  }, '已簽署')
  await chen.does('填寫請購單呈批')
  await zhang.opens('審批請購單')
  await zhang.page.getByText('504.00').first().waitFor() // 12 months, 24 and twice 9
  await zhang.page.getByRole('link', { name: '請購單' }).waitFor() // a paper of the case, to print
  await zhang.looks('approval')
  await zhang.does('審批請購單', {}, '批准')
  await chen.does('憑請購單到郵局訂閱')
  await chen.does('登記報紙簽收記錄本')

  // The resident changes his mind: a message to the case, from its page.
  await chen.go('我的案件')
  await chen.page.getByRole('main').getByRole('link', { name: /BK\d+-0001/ }).click()
  await chen.page.getByRole('button', { name: '業戶要求退訂' }).click()
  await chen.page.getByRole('dialog').getByRole('button', { name: '送出' }).click()
  const today = later(0, '').slice(0, 10)
  await chen.does('確認退訂起止日期，請業戶簽署退訂通知', {
    報刊: [{ 要求退訂: '是', 退訂日期: today }, { 要求退訂: '是', 退訂日期: today }], '退訂通知，業戶簽署': 'sign',
  }, '已簽署')
  await chen.does('通知供應商並傳真書面確認退訂', { 退訂傳真回執: 'file' })
  await chen.does('報刊登記冊作醒目註明', { 報刊: [{ 已註明退訂之日: today }, { 已註明退訂之日: today }] })
  await chen.go('我的案件')
  await chen.page.getByRole('main').getByRole('link', { name: /BK\d+-0001/ }).click()
  await chen.page.getByText('全部退訂').first().waitFor()
  await chen.page.getByRole('row', { name: /人民日報.*郵局/ }).waitFor() // what was chosen, by its title
  await chen.page.getByRole('link', { name: '退訂傳真回執' }).last().waitFor() // among the attachments
  await chen.looks('case-cancelled')
})
