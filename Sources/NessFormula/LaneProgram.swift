import CVectorMath

/// A function of one variable as a list of instructions for blocks of vectors.
struct LaneProgram: Sendable {
  private(set) var instructions: [ness_instruction] = []
  private(set) var numbers: [Double] = []
  /// Scratch blocks.
  private(set) var registers = 0

  /// Compiles an expression whose only name is `variable`.
  init(_ expression: Expression, of variable: String) {
    var compiler = LaneCompiler(variable: variable)
    compiler.compile(expression)
    numbers = compiler.numbers
    allocate(compiler.instructions)
  }

  /// Values get registers: scratch ones are used again after their last reading, the last value is the result.
  private mutating func allocate(_ values: [ness_instruction]) {
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
  }

  func run(
    _ x: UnsafePointer<SIMD8<Double>>, into result: UnsafeMutablePointer<SIMD8<Double>>, count: Int, block: Int,
    scratch: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    instructions.withUnsafeBufferPointer { program in
      numbers.withUnsafeBufferPointer { numbers in
        ness_run_formula(
          program.baseAddress, program.count, numbers.baseAddress, x, result, count, registers == 0 ? count : block,
          scratch)
      }
    }
  }
}

extension ness_instruction {
  /// Those that it reads, in order; what it does not use is 0, which is x.
  var operands: [Int32] { [a, b, c, d] }

  mutating func mapOperands(_ change: (Int32) -> Int32) { (a, b, c, d) = (change(a), change(b), change(c), change(d)) }
}
