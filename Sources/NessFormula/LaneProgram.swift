import CVectorMath

/// A function of one variable as a list of instructions for blocks of vectors.
struct LaneProgram: Sendable {
  private let code: LaneCode
  /// Scratch blocks.
  let registers: Int

  /// Compiles an expression whose only name is `variable`.
  init(_ expression: Expression, of variable: String) {
    var compiler = LaneCompiler(variable: variable)
    compiler.compile(expression)
    let (instructions, registers) = Self.allocate(compiler.instructions)
    code = LaneCode(instructions, compiler.numbers)
    self.registers = registers
  }

  /// Values get registers: scratch ones are used again after their last reading, the last value is the result.
  private static func allocate(_ values: [ness_instruction]) -> (instructions: [ness_instruction], registers: Int) {
    var instructions: [ness_instruction] = []
    var registers = 0
    // Value 0 is x, value n the result of instruction n - 1.
    var lastReading = [Int](repeating: -1, count: values.count + 1)
    for (index, instruction) in values.enumerated() {
      for operand in instruction.operands where operand >= 0 { lastReading[Int(operand)] = index }
    }
    var register = [Int32](repeating: 0, count: values.count + 1)
    var free: [Int32] = []
    for (index, value) in values.enumerated() {
      var instruction = value
      instruction.mapOperands { $0 < 0 ? $0 : register[Int($0)] }
      for operand in Set(value.operands) where operand > 0 && lastReading[Int(operand)] == index {
        free.append(register[Int(operand)])
      }
      if index == values.count - 1 {
        instruction.to = 1
      } else if let index = free.indices.min(by: { free[$0] < free[$1] }) {
        instruction.to = free.remove(at: index)
      } else {
        registers += 1
        instruction.to = Int32(registers + 1)
      }
      register[index + 1] = instruction.to
      instructions.append(instruction)
    }
    return (instructions, registers)
  }

  @inline(__always)
  func run(
    _ x: UnsafePointer<SIMD8<Double>>, into result: UnsafeMutablePointer<SIMD8<Double>>, count: Int, block: Int,
    scratch: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    ness_run_formula(
      code.instructions.baseAddress, code.instructions.count, code.numbers.baseAddress, x, result, count,
      registers == 0 ? count : block, scratch)
  }
}

/// What a program reads, in memory of its own, so that running it counts no references. Nothing is written after `init`, so
/// threads share it freely.
private final class LaneCode: @unchecked Sendable {
  let instructions: UnsafeMutableBufferPointer<ness_instruction>
  let numbers: UnsafeMutableBufferPointer<Double>

  init(_ instructions: [ness_instruction], _ numbers: [Double]) {
    self.instructions = .allocate(capacity: instructions.count)
    self.numbers = .allocate(capacity: numbers.count)
    _ = self.instructions.initialize(from: instructions)
    _ = self.numbers.initialize(from: numbers)
  }

  deinit {
    instructions.deallocate()
    numbers.deallocate()
  }
}

extension ness_instruction {
  /// Those that it reads, in order; what it does not use is 0, which is x.
  var operands: [Int32] { [a, b, c, d] }

  mutating func mapOperands(_ change: (Int32) -> Int32) { (a, b, c, d) = (change(a), change(b), change(c), change(d)) }
}
