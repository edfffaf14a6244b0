import { desk, story, telephone } from './house.mjs'

story('a name of three hundred letters breaks no view, on a telephone or at a desk', async (house) => {
  const he = await house.person('he', telephone)
  const chen = await house.person('chen', desk)
  const huang = await house.person('huang', telephone)
  await he.starts('來訪人士接待', {
    來訪人士: { 類別: '個人', 姓名或單位名稱: 'W'.repeat(300) }, 受訪者: { 受訪者類別: '部門', 部門: '財務部' },
  })
  await he.standsAt('ask-department')
  await he.looks('long-case')
  await he.go('我的案件')
  await he.page.getByText('詢問有關部門是否有約').waitFor()
  await he.looks('long-cases')
  for (const person of [huang, chen]) {
    await person.row('詢問有關部門是否有約').waitFor()
    await person.looks('long-inbox')
    await person.opens('詢問有關部門是否有約')
    await person.page.getByText('W'.repeat(300)).waitFor()
    await person.looks('long-task')
    await person.inbox()
  }
  await chen.does('詢問有關部門是否有約', {}, '無約')
  await chen.go('登記冊')
  await chen.page.getByRole('link', { name: /來訪登記冊/ }).click()
  await chen.page.getByRole('cell', { name: 'W'.repeat(300) }).waitFor()
  await chen.looks('long-register')
})
