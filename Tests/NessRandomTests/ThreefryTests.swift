import NessRandom
import Testing

@Suite struct ThreefryTests {
  /// Known answers for Threefry-2x64-20 published with the Random123 library.
  @Test(
    arguments: [
      (key: (0, 0), counter: (0, 0), answer: (0xc2b6_e3a8_c2c6_9865, 0x6f81_ed42_f350_084d)),
      (
        key: (.max, .max), counter: (.max, .max), answer: (0xe02c_b7c4_d95d_277a, 0xd066_33d0_893b_8b68)
      ),
      (
        key: (0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89),
        counter: (0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344), answer: (0x263c_7d30_bb0f_0af1, 0x56be_8361_d331_1526)
      ),
    ] as [(key: (UInt64, UInt64), counter: (UInt64, UInt64), answer: (UInt64, UInt64))])
  func knownAnswers(
    row: (key: (UInt64, UInt64), counter: (UInt64, UInt64), answer: (UInt64, UInt64))
  ) {
    let words = threefry(key: row.key, counter: row.counter)
    #expect(words.0 == row.answer.0)
    #expect(words.1 == row.answer.1)
  }
}
