import { desk, story, telephone, yard } from './house.mjs'

// Every dialog is looked at in each language, whether a story of the acts opens it or not.
const begin = (chen) =>
  chen.starts('巡查', { 地點: '碼頭', 緊急: '否', 巡查點: [{ 名稱: '東門' }] })

story('every dialog of a case can be used in each language', async (house) => {
  const chen = await house.person('chen', desk)
  const fang = await house.person('fang', telephone)
  await begin(chen)
  for (const person of [chen, fang]) {
    await person.page.goto(new URL('/cases/XC0001', person.page.url()).href)
    await person.looksAtDialogs('case')
  }
}, yard)

story('the list of cases and the help for the keyboard can be used in each language', async (house) => {
  const chen = await house.person('chen', desk)
  const huang = await house.person('huang', telephone)
  for (const person of [chen, huang]) {
    await begin(person)
    await person.go('我的案件')
    await person.looksAtDialogs('cases')
  }
  const help = chen.page.getByRole('dialog')
  await chen.inEachLanguage(async (language) => {
    await chen.page.getByRole('button', { name: /XC0001/ }).first().waitFor()
    await chen.page.keyboard.press('?')
    await help.waitFor()
    await chen.looks(`help-${language}`)
    await chen.page.keyboard.press('Escape')
    await help.waitFor({ state: 'hidden' })
  })
}, yard)

story('every dialog of a task can be used in each language', async (house) => {
  const chen = await house.person('chen', desk)
  const he = await house.person('he', telephone)
  await begin(chen)
  await he.does('逐點巡查', { 情況: '正常' })
  await chen.does('覆核', { 意見: '可以' })
  const fang = await house.person('fang', telephone)
  await fang.opens('主管簽署')
  await fang.page.getByRole('button', { name: '接手', exact: true }).click()
  await fang.page.getByRole('button', { name: '退回', exact: true }).waitFor()
  await fang.looksAtDialogs('sign', '.beside .acts >> nth=0')
}, yard)
