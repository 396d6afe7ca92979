using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ReidCloud.Functions.Local;

/// <summary>Calls a function as the worker does: a fresh instance with its services, parameters by type or by route name, the result executed.</summary>
internal static class FunctionInvocation
{
    public static async Task AnswerAsync(HttpFunction function, HttpContext context)
    {
        var result = await CallAsync(function.Method, context.RequestServices, parameter => Bind(parameter, context));
        switch (result)
        {
            case IResult answer:
                await answer.ExecuteAsync(context);
                break;
            case IActionResult action:
                await action.ExecuteResultAsync(new ActionContext(context, context.GetRouteData(), new ActionDescriptor()));
                break;
            default:
                throw new InvalidOperationException($"{function.Name} must return IResult or IActionResult, returned {result?.GetType()}");
        }
    }

    /// <summary>Calls the method on a new instance and waits for what it promises; its own exception surfaces, not reflection's.</summary>
    public static async Task<object?> CallAsync(MethodInfo method, IServiceProvider services, Func<ParameterInfo, object?> bind)
    {
        var instance = ActivatorUtilities.CreateInstance(services, method.DeclaringType!);
        object? returned;
        try
        {
            returned = method.Invoke(instance, [.. method.GetParameters().Select(bind)]);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is not null)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException);
            throw;
        }

        if (returned is not Task task)
        {
            return returned;
        }

        await task;
        return task.GetType().GetProperty(nameof(Task<object>.Result))?.GetValue(task);
    }

    private static object? Bind(ParameterInfo parameter, HttpContext context)
    {
        var type = parameter.ParameterType;
        if (type == typeof(HttpRequest))
        {
            return context.Request;
        }

        if (type == typeof(CancellationToken))
        {
            return context.RequestAborted;
        }

        if (context.GetRouteValue(parameter.Name!) is string text)
        {
            return TypeDescriptor.GetConverter(type).ConvertFromString(null, CultureInfo.InvariantCulture, text);
        }

        return parameter.HasDefaultValue
            ? parameter.DefaultValue
            : throw new InvalidOperationException(
                $"Parameter '{parameter.Name}' of {parameter.Member.DeclaringType?.Name} is neither the request, a token nor part of the route");
    }
}
